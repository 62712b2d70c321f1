package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.PduException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A command that data is on its way for: what has been asked for, what has come, and where it goes. */
final class DataOutTask {

    /** A sequence of Data-Out: the unsolicited one, or the answer to one R2T. */
    private static final class Burst {
        final int transferTag;
        final long endBytes;
        long nextBytes;
        int dataSn;

        Burst(int transferTag, long fromBytes, long endBytes) {
            this.transferTag = transferTag;
            this.nextBytes = fromBytes;
            this.endBytes = endBytes;
        }
    }

    private final TaskTag tag;
    private final long expectedBytes;
    private final @Nullable DataSink sink;
    private final ArrayDeque<Burst> bursts = new ArrayDeque<>();
    private @Nullable CheckCondition failure;
    private long askedBytes;
    private int r2tSn;
    private boolean lastOfBurst;

    /**
     * A task whose immediate data comes next.
     *
     * @param sink null if the command has failed or wants no data: what comes is dropped
     * @param unsolicitedBytes what may come without being asked for
     */
    DataOutTask(TaskTag tag, long expectedBytes, @Nullable DataSink sink, long unsolicitedBytes) {
        this.tag = tag;
        this.expectedBytes = expectedBytes;
        this.sink = sink;
        bursts.add(new Burst(BasicHeader.RESERVED_TAG, 0, Math.min(unsolicitedBytes, expectedBytes)));
    }

    TaskTag tag() {
        return tag;
    }

    void fail(CheckCondition condition) {
        if (failure == null) {
            failure = condition;
        }
    }

    @Nullable
    CheckCondition failure() {
        return failure;
    }

    /** Bytes that the command itself asks for. */
    private long wantedBytes() {
        return sink == null ? 0 : sink.wantedBytes();
    }

    /** Above 0: expected and not wanted; below 0: wanted and not expected. */
    long residualBytes() {
        return expectedBytes - wantedBytes();
    }

    /** Immediate data begins; {@code last} if no unsolicited Data-Out follows. */
    void beginImmediate(int lengthBytes, boolean last) throws PduException {
        Burst burst = bursts.element();
        requireThat(lengthBytes <= burst.endBytes, "more immediate data than is allowed");
        lastOfBurst = last;
        if (last) {
            askedBytes = lengthBytes;
        } else {
            requireThat(lengthBytes < burst.endBytes, "no room for the unsolicited data that is announced");
            askedBytes = burst.endBytes;
        }
    }

    void begin(DataOut header) throws PduException {
        Burst burst = bursts.peek();
        int lengthBytes = header.dataSegmentLength();
        requireThat(burst != null && burst.transferTag == header.targetTransferTag(), "data that was not asked for");
        boolean solicited = burst.transferTag != BasicHeader.RESERVED_TAG;
        requireThat(!solicited || header.lun() == tag.lun(), "a LUN that is not the R2T's");
        requireThat(header.dataSn() == burst.dataSn++, "DataSN out of sequence");
        requireThat(Integer.toUnsignedLong(header.bufferOffset()) == burst.nextBytes, "Buffer Offset out of sequence");
        requireThat(lengthBytes <= burst.endBytes - burst.nextBytes, "more data than was asked for");
        boolean complete = burst.nextBytes + lengthBytes == burst.endBytes;
        requireThat(header.finalBit() == complete, "F does not stand at the end of the sequence");
        lastOfBurst = header.finalBit();
    }

    /** Takes a piece of the sequence that is under way; releases it. */
    void take(ByteBuf piece) {
        try {
            Burst burst = bursts.element();
            int n = piece.readableBytes();
            long usable = Math.min(n, wantedBytes() - burst.nextBytes);
            if (sink != null && failure == null && usable > 0) {
                sink.take(burst.nextBytes, piece.readSlice((int) usable));
            }
            burst.nextBytes += n;
        } catch (CheckCondition condition) {
            fail(condition);
        } finally {
            piece.release();
        }
    }

    /** A PDU is complete. */
    void end() {
        if (lastOfBurst) {
            bursts.remove();
        }
    }

    /** Asks for what is missing. */
    void ask(Responses responses, int maxBurstBytes, int maxOutstanding, TransferTags tags) {
        long wanted = failure == null ? Math.min(expectedBytes, wantedBytes()) : 0;
        while (lastOfBurst && bursts.size() < maxOutstanding && askedBytes < wanted) {
            long lengthBytes = Math.min(maxBurstBytes, wanted - askedBytes);
            Burst burst = new Burst(tags.next(), askedBytes, askedBytes + lengthBytes);
            bursts.add(burst);
            responses
                    .readyToTransfer()
                    .lun(tag.lun())
                    .initiatorTaskTag(tag.initiatorTaskTag())
                    .targetTransferTag(burst.transferTag)
                    .r2tSn(r2tSn++)
                    .bufferOffset((int) askedBytes)
                    .desiredDataTransferLength((int) lengthBytes);
            responses.finish();
            askedBytes += lengthBytes;
        }
    }

    /** Whether nothing more will come. */
    boolean isComplete() {
        return bursts.isEmpty();
    }

    /** Does what was asked for with the data. */
    void finish() {
        if (sink != null && failure == null) {
            try {
                sink.finish();
            } catch (CheckCondition condition) {
                fail(condition);
            }
        }
    }

    private static void requireThat(boolean condition, String otherwise) throws PduException {
        if (!condition) {
            throw new PduException(PduException.Cause.PROTOCOL, otherwise);
        }
    }
}
