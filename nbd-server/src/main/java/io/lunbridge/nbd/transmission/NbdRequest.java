package io.lunbridge.nbd.transmission;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Extent;
import io.lunbridge.block.ExtentsCompletion;
import io.lunbridge.nbd.protocol.Command;
import io.lunbridge.nbd.protocol.NbdError;
import io.lunbridge.nbd.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request from header to reply. It is the completion that the device is given, so a request costs no further
 * object; its connection uses it again for a later request.
 */
final class NbdRequest implements Completion, ExtentsCompletion {

    private final NbdConnection connection;
    private int flags;
    private int type;
    private long cookie;
    private long offsetBytes;
    private long lengthBytes;
    private long heldBytes;
    private boolean active;
    private boolean flushAfter;
    private @Nullable NbdError refusal;

    NbdRequest(NbdConnection connection) {
        this.connection = connection;
    }

    void begin(ByteBuf header, int index) {
        assert !active;
        active = true;
        flushAfter = false;
        refusal = null;
        heldBytes = 0;
        flags = RequestHeader.flags(header, index);
        type = RequestHeader.type(header, index);
        cookie = RequestHeader.cookie(header, index);
        offsetBytes = RequestHeader.offsetBytes(header, index);
        lengthBytes = RequestHeader.lengthBytes(header, index);
    }

    /** From now on the object stands for nothing, until it begins anew. */
    void end() {
        assert active : "answered twice";
        active = false;
    }

    int flags() {
        return flags;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int type() {
        return type;
    }

    long cookie() {
        return cookie;
    }

    long offsetBytes() {
        return offsetBytes;
    }

    long lengthBytes() {
        return lengthBytes;
    }

    boolean carriesPayload() {
        return type == Command.WRITE && lengthBytes > 0;
    }

    /** What the connection accounts to this request ({@link InFlight}). */
    long heldBytes() {
        return heldBytes;
    }

    void hold(long bytes) {
        heldBytes = bytes;
    }

    /** Why the request is not executed, or null if it is. */
    @Nullable
    NbdError refusal() {
        return refusal;
    }

    void refuse(@Nullable NbdError error) {
        refusal = error;
    }

    /** Makes the device's success only half of the request: a flush has to follow it (FUA on a device without). */
    void flushAfter() {
        flushAfter = true;
    }

    @Override
    public void succeeded(ByteBuf data) {
        assert active : "completed twice";
        if (flushAfter) {
            flushAfter = false;
            data.release();
            connection.flushFor(this);
        } else {
            connection.succeeded(this, data);
        }
    }

    @Override
    public void succeeded(List<Extent> extents) {
        assert active : "completed twice";
        connection.succeeded(this, extents);
    }

    @Override
    public void failed(BlockException cause) {
        assert active : "completed twice";
        connection.failed(this, cause);
    }
}
