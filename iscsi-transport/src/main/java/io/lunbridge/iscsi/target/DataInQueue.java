package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Lengths;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends Data-In, a command after the other, no faster than the channel takes it: memory is read when its PDU is made, so
 * a slow peer costs one watermark of buffers and not its whole queue depth.
 */
final class DataInQueue {

    private final Channel channel;
    private final Responses responses;
    private final Lengths lengths;
    private final ArrayDeque<Transfer> transfers = new ArrayDeque<>();
    private final DataIn dataIn = new DataIn();

    DataInQueue(Channel channel, Responses responses, Lengths lengths) {
        this.channel = channel;
        this.responses = responses;
        this.lengths = lengths;
    }

    /** One command's data. */
    static final class Transfer {

        private final TaskTag tag;
        private final long residualBytes;
        private final @Nullable RamStore store;
        private final @Nullable ByteBuf reply;
        private final long storeOffsetBytes;
        private final int lengthBytes;
        private int sentBytes;
        private int burstBytes;
        private int dataSn;

        private Transfer(
                TaskTag tag, Work.@Nullable Read read, @Nullable ByteBuf reply, int lengthBytes, long residualBytes) {
            this.tag = tag;
            this.store = read == null ? null : read.store();
            this.storeOffsetBytes = read == null ? 0 : read.offsetBytes();
            this.reply = reply;
            this.lengthBytes = lengthBytes;
            this.residualBytes = residualBytes;
        }

        static Transfer of(TaskTag tag, Work.Read read, long expectedBytes) {
            int lengthBytes = (int) Math.min(expectedBytes, read.lengthBytes());
            return new Transfer(tag, read, null, lengthBytes, expectedBytes - read.lengthBytes());
        }

        static Transfer of(TaskTag tag, Work.Reply reply, long expectedBytes) {
            int readyBytes = reply.data().readableBytes();
            int lengthBytes = (int) Math.min(expectedBytes, readyBytes);
            return new Transfer(tag, null, reply.data(), lengthBytes, expectedBytes - readyBytes);
        }

        private ByteBuf take(int n, Channel channel) {
            ByteBuf data = channel.alloc().directBuffer(n);
            if (store != null) {
                store.read(storeOffsetBytes + sentBytes, n, data);
            } else if (reply != null) {
                data.writeBytes(reply, sentBytes, n);
            }
            return data;
        }

        TaskTag tag() {
            return tag;
        }
    }

    void add(Transfer transfer) {
        transfers.add(transfer);
        pump();
    }

    /** Sends what the channel takes now. */
    void pump() {
        Transfer first = transfers.peek();
        while (first != null && channel.isWritable()) {
            if (sendNext(first)) {
                transfers.poll();
            }
            first = transfers.peek();
        }
    }

    /** Forgets the transfers of some tasks; true if there were any. */
    boolean abort(Predicate<TaskTag> which) {
        return transfers.removeIf(transfer -> {
            boolean matches = which.test(transfer.tag);
            if (matches) {
                close(transfer.tag);
            }
            return matches;
        });
    }

    /** Sends one PDU; true if it was the transfer's last. */
    private boolean sendNext(Transfer transfer) {
        int left = transfer.lengthBytes - transfer.sentBytes;
        if (left == 0) {
            close(transfer.tag);
            responses.scsi(transfer.tag.initiatorTaskTag(), ScsiStatus.GOOD, null, transfer.residualBytes);
            return true;
        }
        int burstLeft = lengths.maxBurstBytes() - transfer.burstBytes;
        int n = Math.min(Math.min(left, lengths.maxSendBytes()), burstLeft);
        boolean last = n == left;
        ByteBuf data = transfer.take(n, channel);
        if (last) {
            close(transfer.tag);
            responses
                    .nextWithStatus(dataIn)
                    .statusBit(true)
                    .underflow(transfer.residualBytes > 0)
                    .overflow(transfer.residualBytes < 0)
                    .residualCount((int) Math.abs(transfer.residualBytes));
        } else {
            responses.next(dataIn).statSn(0);
        }
        dataIn.finalBit(last || n == burstLeft)
                .initiatorTaskTag(transfer.tag.initiatorTaskTag())
                .dataSn(transfer.dataSn++)
                .bufferOffset(transfer.sentBytes);
        responses.finish(data);
        transfer.sentBytes += n;
        transfer.burstBytes = n == burstLeft ? 0 : transfer.burstBytes + n;
        return last;
    }

    private void close(TaskTag tag) {
        responses.commandClosed(tag.immediate());
    }
}
