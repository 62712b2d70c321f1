package io.lunbridge.iscsi.session;

import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.SenseData;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * A command of the session fuzzer. Its number is its LBA, and decides every byte of its data: what it read is right or
 * it is not.
 */
final class FuzzTask extends ScsiTask {

    enum Kind {
        READ,
        QUERY,
        WRITE,
        NONE
    }

    static final int MAX_BYTES = 3000;

    private final SessionFuzz fuzz;
    final Kind kind;
    final int number;
    final int lengthBytes;
    private final ByteBuf data;
    private boolean done;

    FuzzTask(SessionFuzz fuzz, Kind kind, int number, int lengthBytes) {
        this.fuzz = fuzz;
        this.kind = kind;
        this.number = number;
        this.lengthBytes = kind == Kind.NONE ? 0 : lengthBytes;
        data = kind == Kind.WRITE ? Unpooled.wrappedBuffer(contents(number, 0, lengthBytes)) : Unpooled.EMPTY_BUFFER;
    }

    static byte[] contents(int number, int offsetBytes, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (number * 31 + (offsetBytes + i) * 7 + ((offsetBytes + i) >> 8) * 13);
        }
        return bytes;
    }

    void submitTo(Session session) {
        Lun lun = Lun.ofNumber(1);
        cdb().read16(number, 1, false);
        switch (kind) {
            case READ -> read(lun, lengthBytes);
            case QUERY -> query(lun, lengthBytes);
            case WRITE -> write(lun, data);
            case NONE -> noData(lun);
        }
        session.submit(this);
    }

    @Override
    protected void succeeded(ByteBuf received) {
        byte[] bytes = new byte[received.readableBytes()];
        received.getBytes(received.readerIndex(), bytes);
        received.release();
        boolean right = Arrays.equals(bytes, contents(number, 0, bytes.length))
                && (kind != Kind.READ || bytes.length == lengthBytes)
                && (kind == Kind.READ || kind == Kind.QUERY || bytes.length == 0);
        if (!right) {
            fuzz.fails("wrong data: " + kind + " " + number + ", " + bytes.length + " of " + lengthBytes);
        }
        end(true);
    }

    @Override
    protected void refused(int status, SenseData sense) {
        end(false);
    }

    @Override
    protected void failed(IscsiException cause) {
        end(false);
    }

    private void end(boolean success) {
        if (done) {
            fuzz.fails("two outcomes of one task");
        }
        done = true;
        fuzz.ended(this, success);
    }
}
