package io.lunbridge.nbd.handshake;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.protocol.MetaContext;
import io.lunbridge.nbd.protocol.Option;
import io.lunbridge.nbd.protocol.OptionReply;
import io.lunbridge.nbd.transmission.Negotiated;
import org.jspecify.annotations.Nullable;

/** One client's LIST_META_CONTEXT and SET_META_CONTEXT, and what the last of the latter selected. */
final class MetaContexts {

    /** A client has no use for more queries than there are contexts; nbdinfo and QEMU send a few. */
    private static final int QUERIES_MAX = 1024;

    private final ExportCatalog catalog;
    private @Nullable Export allocationSelectedFor;

    MetaContexts(ExportCatalog catalog) {
        this.catalog = catalog;
    }

    Verdict option(int option, OptionData data, OptionReplies replies) throws MalformedOptionException {
        failed(option);
        String name = data.string();
        long queries = data.unsignedInt();
        boolean allocation = option == Option.LIST_META_CONTEXT && queries == 0;
        for (long i = 0; i < Math.min(queries, QUERIES_MAX); i++) {
            allocation |= selectsAllocation(option, data.string());
        }
        if (queries > QUERIES_MAX) {
            return replies.error(OptionReply.ERR_TOO_BIG, "too many queries");
        }
        data.requireEnd();
        Export export = catalog.find(name);
        if (export == null) {
            return replies.error(OptionReply.ERR_UNKNOWN, "no export of that name");
        }
        if (allocation) {
            select(option, export, replies);
        }
        return replies.acknowledge();
    }

    /** A SET selects nothing until it succeeds, whatever an earlier one did. */
    void failed(int option) {
        if (option == Option.SET_META_CONTEXT) {
            allocationSelectedFor = null;
        }
    }

    /** A selection is good for the export that it named, and for no other. */
    @SuppressWarnings("ReferenceEquality") // another export of equal parts is another export
    boolean allocationSelectedFor(Export export) {
        return allocationSelectedFor == export;
    }

    private void select(int option, Export export, OptionReplies replies) {
        if (option == Option.SET_META_CONTEXT) {
            allocationSelectedFor = export;
            replies.metaContext(Negotiated.ALLOCATION_CONTEXT_ID, MetaContext.BASE_ALLOCATION);
        } else {
            replies.metaContext(0, MetaContext.BASE_ALLOCATION);
        }
    }

    private static boolean selectsAllocation(int option, String query) throws MalformedOptionException {
        if (query.indexOf(':') < 1) {
            throw new MalformedOptionException("query without a namespace");
        }
        return query.equals(MetaContext.BASE_ALLOCATION)
                || (option == Option.LIST_META_CONTEXT && query.equals(MetaContext.BASE_WILDCARD));
    }
}
