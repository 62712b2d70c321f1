package io.lunbridge.nbd.transmission;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Extent;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Zeroing;
import io.lunbridge.nbd.protocol.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Turns a checked request into the device's call. */
final class RequestExecutor {

    private final BlockDevice device;
    private final RequestCheck abilities;

    RequestExecutor(BlockDevice device, RequestCheck abilities) {
        this.device = device;
        this.abilities = abilities;
    }

    /** Executes; owns {@code payload}, which is empty for all but WRITE. */
    void execute(NbdRequest request, ByteBuf payload) {
        if (request.lengthBytes() == 0 && request.type() != Command.FLUSH) {
            payload.release();
            request.succeeded(Unpooled.EMPTY_BUFFER);
            return;
        }
        long offset = request.offsetBytes();
        long length = request.lengthBytes();
        switch (request.type()) {
            case Command.READ -> device.read(offset, (int) length, request);
            case Command.WRITE -> device.write(offset, payload, durability(request), request);
            case Command.FLUSH -> flush(request);
            case Command.TRIM -> discard(request);
            case Command.CACHE -> prefetch(request);
            case Command.WRITE_ZEROES ->
                device.writeZeroes(offset, length, zeroing(request), durability(request), request);
            case Command.BLOCK_STATUS -> blockStatus(request);
            default -> throw new IllegalStateException("request " + request.type() + " was not checked");
        }
    }

    /** A device that cannot flush has nothing to flush. */
    void flush(NbdRequest request) {
        if (abilities.has(Feature.FLUSH)) {
            device.flush(request);
        } else {
            request.succeeded(Unpooled.EMPTY_BUFFER);
        }
    }

    private Durability durability(NbdRequest request) {
        if (!request.has(Command.FLAG_FUA)) {
            return Durability.CACHED;
        }
        if (abilities.has(Feature.DURABLE_WRITE)) {
            return Durability.DURABLE;
        }
        request.flushAfter();
        return Durability.CACHED;
    }

    private static Zeroing zeroing(NbdRequest request) {
        boolean fast = request.has(Command.FLAG_FAST_ZERO);
        if (request.has(Command.FLAG_NO_HOLE)) {
            return fast ? Zeroing.KEEP_ALLOCATED_FAST : Zeroing.KEEP_ALLOCATED;
        }
        return fast ? Zeroing.MAY_DEALLOCATE_FAST : Zeroing.MAY_DEALLOCATE;
    }

    /** TRIM may do nothing: a device that has stopped offering it since the handshake is no reason for an error. */
    private void discard(NbdRequest request) {
        if (abilities.has(Feature.DISCARD)) {
            if (request.has(Command.FLAG_FUA)) {
                request.flushAfter();
            }
            device.discard(request.offsetBytes(), request.lengthBytes(), request);
        } else {
            request.succeeded(Unpooled.EMPTY_BUFFER);
        }
    }

    private void prefetch(NbdRequest request) {
        if (abilities.has(Feature.PREFETCH)) {
            device.prefetch(request.offsetBytes(), request.lengthBytes(), request);
        } else {
            request.succeeded(Unpooled.EMPTY_BUFFER);
        }
    }

    private void blockStatus(NbdRequest request) {
        if (abilities.has(Feature.BLOCK_STATUS)) {
            device.blockStatus(request.offsetBytes(), request.lengthBytes(), request);
        } else {
            request.succeeded(List.of(new Extent(request.lengthBytes(), false, false)));
        }
    }
}
