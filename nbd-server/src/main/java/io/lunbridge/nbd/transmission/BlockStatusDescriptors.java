package io.lunbridge.nbd.transmission;

import io.lunbridge.block.Extent;
import io.lunbridge.nbd.protocol.Command;
import io.lunbridge.nbd.protocol.MetaContext;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Writes a device's extents as the descriptors of base:allocation: neighbours of one status joined, nothing beyond the
 * request, no more of them than a reply may have.
 */
final class BlockStatusDescriptors {

    /** The standard's advice is at most 2²⁰; a client asks again where a reply ends. */
    static final int DESCRIPTORS_MAX = 8192;

    private BlockStatusDescriptors() {}

    static void encode(ByteBuf out, NbdRequest request, List<Extent> extents) {
        int most = request.has(Command.FLAG_REQ_ONE) ? 1 : DESCRIPTORS_MAX;
        long left = request.lengthBytes();
        long run = 0;
        int runStatus = 0;
        int written = 0;
        for (Extent extent : extents) {
            int status = status(extent);
            if (run > 0 && status != runStatus) {
                append(out, run, runStatus);
                run = 0;
                if (++written == most) {
                    return;
                }
            }
            runStatus = status;
            long taken = Math.min(extent.lengthBytes(), left);
            run += taken;
            left -= taken;
            if (left == 0) {
                break;
            }
        }
        append(out, run, runStatus);
    }

    private static void append(ByteBuf out, long lengthBytes, int status) {
        assert lengthBytes > 0 : "device described nothing";
        out.writeInt((int) lengthBytes);
        out.writeInt(status);
    }

    private static int status(Extent extent) {
        return (extent.hole() ? MetaContext.STATE_HOLE : 0) | (extent.zero() ? MetaContext.STATE_ZERO : 0);
    }
}
