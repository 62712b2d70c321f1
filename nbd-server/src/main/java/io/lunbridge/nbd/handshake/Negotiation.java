package io.lunbridge.nbd.handshake;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.protocol.Handshake;
import io.lunbridge.nbd.protocol.Info;
import io.lunbridge.nbd.protocol.Option;
import io.lunbridge.nbd.protocol.OptionReply;
import io.lunbridge.nbd.transmission.Negotiated;
import io.netty.buffer.ByteBuf;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's option haggling, without I/O: an option in, replies and a verdict out. There is no TLS (the standard's
 * NOTLS mode), and no option changes anything outside this object.
 */
final class Negotiation {

    private final ExportCatalog catalog;
    private final BooleanSupplier shuttingDown;
    private final MetaContexts contexts;
    private boolean fixedNewstyle;
    private boolean noZeroes;
    private boolean structuredReplies;
    private @Nullable Negotiated outcome;

    Negotiation(ExportCatalog catalog, BooleanSupplier shuttingDown) {
        this.catalog = catalog;
        this.shuttingDown = shuttingDown;
        this.contexts = new MetaContexts(catalog);
    }

    /** Takes the client's flags; false if it set one that nobody offered, and so has to be dropped. */
    boolean clientFlags(int flags) {
        fixedNewstyle = (flags & Handshake.FLAG_FIXED_NEWSTYLE) != 0;
        noZeroes = (flags & Handshake.FLAG_NO_ZEROES) != 0;
        return (flags & ~(Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES)) == 0;
    }

    /** Takes an option with all its data, which stays the caller's, and appends the replies to {@code out}. */
    Verdict option(int option, ByteBuf data, ByteBuf out) {
        OptionReplies replies = new OptionReplies(out, option);
        try {
            Verdict early = beforeLooking(option, replies);
            return early != null ? early : dispatch(option, data, replies, out);
        } catch (MalformedOptionException e) {
            contexts.failed(option);
            return option == Option.EXPORT_NAME
                    ? Verdict.CLOSE
                    : replies.error(OptionReply.ERR_INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** Answers an option whose data was too long to be kept and has been thrown away. */
    Verdict oversizedOption(int option, ByteBuf out) {
        OptionReplies replies = new OptionReplies(out, option);
        Verdict early = beforeLooking(option, replies);
        contexts.failed(option);
        if (early != null) {
            return early;
        }
        return switch (option) {
            case Option.EXPORT_NAME -> Verdict.CLOSE;
            case Option.ABORT -> abort(replies);
            case Option.LIST, Option.STRUCTURED_REPLY -> unexpectedData(replies);
            case Option.INFO, Option.GO, Option.LIST_META_CONTEXT, Option.SET_META_CONTEXT ->
                replies.error(OptionReply.ERR_TOO_BIG, "option data is too long");
            default -> unsupported(replies);
        };
    }

    /** What the client has agreed on; only after {@link Verdict#TRANSMISSION}. */
    Negotiated outcome() {
        if (outcome == null) {
            throw new IllegalStateException("no export is chosen");
        }
        return outcome;
    }

    private @Nullable Verdict beforeLooking(int option, OptionReplies replies) {
        if (!fixedNewstyle && option != Option.EXPORT_NAME) {
            return Verdict.CLOSE;
        }
        if (shuttingDown.getAsBoolean() && option != Option.ABORT) {
            return option == Option.EXPORT_NAME
                    ? Verdict.CLOSE
                    : replies.error(OptionReply.ERR_SHUTDOWN, "server is shutting down");
        }
        return null;
    }

    private Verdict dispatch(int option, ByteBuf data, OptionReplies replies, ByteBuf out)
            throws MalformedOptionException {
        return switch (option) {
            case Option.EXPORT_NAME -> exportName(new OptionData(data), out);
            case Option.ABORT -> abort(replies);
            case Option.LIST -> data.isReadable() ? unexpectedData(replies) : list(replies);
            case Option.INFO, Option.GO -> infoOrGo(option, new OptionData(data), replies);
            case Option.STRUCTURED_REPLY -> data.isReadable() ? unexpectedData(replies) : structuredReply(replies);
            case Option.LIST_META_CONTEXT, Option.SET_META_CONTEXT ->
                structuredReplies
                        ? contexts.option(option, new OptionData(data), replies)
                        : replies.error(OptionReply.ERR_INVALID, "structured replies have to be negotiated first");
            default -> unsupported(replies);
        };
    }

    private Verdict exportName(OptionData data, ByteBuf out) throws MalformedOptionException {
        Export export = catalog.find(data.rest());
        if (export == null) {
            return Verdict.CLOSE;
        }
        out.writeLong(export.device().geometry().sizeBytes());
        out.writeShort(export.transmissionFlags(structuredReplies));
        out.writeZero(noZeroes ? 0 : Handshake.EXPORT_NAME_ZEROES);
        return enterTransmission(export);
    }

    private static Verdict abort(OptionReplies replies) {
        replies.acknowledge();
        return Verdict.CLOSE;
    }

    private Verdict list(OptionReplies replies) {
        for (Export export : catalog.all()) {
            replies.server(export.name(), export.description());
        }
        return replies.acknowledge();
    }

    private Verdict structuredReply(OptionReplies replies) {
        structuredReplies = true;
        return replies.acknowledge();
    }

    private Verdict infoOrGo(int option, OptionData data, OptionReplies replies) throws MalformedOptionException {
        String name = data.string();
        int wanted = 0;
        for (int left = data.unsignedShort(); left > 0; left--) {
            int info = data.unsignedShort();
            wanted |= info <= Info.BLOCK_SIZE ? 1 << info : 0;
        }
        data.requireEnd();
        Export export = catalog.find(name);
        if (export == null) {
            return replies.error(OptionReply.ERR_UNKNOWN, "no export of that name");
        }
        inform(export, wanted, replies);
        replies.acknowledge();
        return option == Option.GO ? enterTransmission(export) : Verdict.CONTINUE;
    }

    private void inform(Export export, int wanted, OptionReplies replies) {
        replies.infoExport(export.device().geometry().sizeBytes(), export.transmissionFlags(structuredReplies));
        if ((wanted & 1 << Info.NAME) != 0) {
            replies.infoText(Info.NAME, export.name());
        }
        if ((wanted & 1 << Info.DESCRIPTION) != 0 && !export.description().isEmpty()) {
            replies.infoText(Info.DESCRIPTION, export.description());
        }
        // Sizes that are not the default ones are told in any case: the client may honour them unasked.
        if ((wanted & 1 << Info.BLOCK_SIZE) != 0 || export.minimumBlockBytes() > 1) {
            replies.infoBlockSize(
                    export.minimumBlockBytes(), export.preferredBlockBytes(), export.maximumPayloadBytes());
        }
    }

    private Verdict enterTransmission(Export export) {
        outcome = new Negotiated(export, structuredReplies, contexts.allocationSelectedFor(export));
        return Verdict.TRANSMISSION;
    }

    private static Verdict unexpectedData(OptionReplies replies) {
        return replies.error(OptionReply.ERR_INVALID, "this option has no data");
    }

    private static Verdict unsupported(OptionReplies replies) {
        return replies.error(OptionReply.ERR_UNSUP, "option is not supported");
    }
}
