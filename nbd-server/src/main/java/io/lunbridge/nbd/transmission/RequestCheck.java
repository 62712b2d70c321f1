package io.lunbridge.nbd.transmission;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.nbd.protocol.Command;
import io.lunbridge.nbd.protocol.NbdError;
import io.lunbridge.nbd.protocol.TransmissionFlags;
import org.jspecify.annotations.Nullable;

/**
 * Decides what may reach the device, from the request's header alone. What passes keeps the device's contract: inside
 * the range, aligned, of positive length or none, not too long, supported.
 */
final class RequestCheck {

    private final Negotiated negotiated;
    private final int advertised;
    private Geometry geometry;
    private boolean writable;
    private int maximumPayloadBytes;

    RequestCheck(Negotiated negotiated) {
        this.negotiated = negotiated;
        this.advertised = negotiated.transmissionFlags();
        this.geometry = negotiated.export().device().geometry();
        adopt(geometry);
    }

    /** Why the request must not be executed, or null if it may. */
    @SuppressWarnings("ReferenceEquality") // a geometry is replaced whole when the device changes
    @Nullable
    NbdError refusal(NbdRequest request) {
        Geometry now = negotiated.export().device().geometry();
        if (now != geometry) {
            adopt(now);
        }
        int type = request.type();
        if (type == Command.DISC) {
            return null;
        }
        if (!isKnown(type) || (request.flags() & ~flagsOf(type)) != 0) {
            return NbdError.EINVAL;
        }
        if (!writable && Command.modifies(type)) {
            return NbdError.EPERM;
        }
        if (type == Command.FLUSH) {
            return null;
        }
        NbdError range = rangeRefusal(request);
        return range != null ? range : abilityRefusal(request);
    }

    boolean has(Feature feature) {
        return geometry.has(feature);
    }

    private void adopt(Geometry now) {
        geometry = now;
        writable = negotiated.export().writable();
        maximumPayloadBytes = negotiated.export().maximumPayloadBytes();
    }

    private static boolean isKnown(int type) {
        return type >= Command.READ && type <= Command.BLOCK_STATUS;
    }

    /** FUA goes with every command: where it has no meaning it is ignored, and where it was not offered it is kept. */
    private int flagsOf(int type) {
        return Command.FLAG_FUA
                | switch (type) {
                    case Command.READ -> negotiated.structuredReplies() ? Command.FLAG_DF : 0;
                    case Command.WRITE_ZEROES ->
                        Command.FLAG_NO_HOLE
                                | (advertised(TransmissionFlags.SEND_FAST_ZERO) ? Command.FLAG_FAST_ZERO : 0);
                    case Command.BLOCK_STATUS -> Command.FLAG_REQ_ONE;
                    default -> 0;
                };
    }

    private @Nullable NbdError rangeRefusal(NbdRequest request) {
        long offset = request.offsetBytes();
        long length = request.lengthBytes();
        // Subtracting, not adding: the sum may overflow. A negative offset is one beyond 2⁶³.
        if (offset < 0 || length > geometry.sizeBytes() - offset) {
            return NbdError.outOfRange(request.type());
        }
        if (((offset | length) & (geometry.blockBytes() - 1)) != 0) {
            return NbdError.EINVAL;
        }
        if (request.type() == Command.READ && length > maximumPayloadBytes) {
            return request.has(Command.FLAG_DF) ? NbdError.EOVERFLOW : NbdError.EINVAL;
        }
        return request.type() == Command.WRITE && length > maximumPayloadBytes ? NbdError.EINVAL : null;
    }

    private @Nullable NbdError abilityRefusal(NbdRequest request) {
        return switch (request.type()) {
            case Command.TRIM -> advertised(TransmissionFlags.SEND_TRIM) ? null : NbdError.EINVAL;
            case Command.WRITE_ZEROES -> writeZeroesRefusal(request);
            case Command.BLOCK_STATUS ->
                negotiated.allocationContext() && request.lengthBytes() > 0 ? null : NbdError.EINVAL;
            default -> null;
        };
    }

    private @Nullable NbdError writeZeroesRefusal(NbdRequest request) {
        if (!geometry.has(Feature.WRITE_ZEROES)) {
            return request.has(Command.FLAG_FAST_ZERO) ? NbdError.ENOTSUP : NbdError.EINVAL;
        }
        boolean lostFastZero = request.has(Command.FLAG_FAST_ZERO) && !geometry.has(Feature.FAST_ZERO);
        return lostFastZero ? NbdError.ENOTSUP : null;
    }

    private boolean advertised(int flag) {
        return (advertised & flag) != 0;
    }
}
