package io.lunbridge.iscsi.negotiation;

import java.util.function.Function;

/**
 * What a login has settled: the values both sides are bound to for the life of the connection.
 *
 * @param lengths limits of data segments and bursts
 * @param flow which data may be sent unasked, and in which order
 * @param digests which digests PDUs carry from the Full Feature Phase on
 * @param recovery recovery level, times and number of connections
 * @param fastAbort TaskReporting was settled to FastAbort
 */
public record NegotiatedKeys(Lengths lengths, Flow flow, Digests digests, Recovery recovery, boolean fastAbort) {

    /**
     * Limits of data segments and sequences.
     *
     * @param maxRecvBytes longest data segment that we receive
     * @param maxSendBytes longest data segment that the peer receives
     * @param maxBurstBytes longest solicited sequence
     * @param firstBurstBytes most unsolicited data of one command, never more than {@code maxBurstBytes}
     */
    public record Lengths(int maxRecvBytes, int maxSendBytes, int maxBurstBytes, int firstBurstBytes) {}

    /**
     * Which data may be sent unasked, and in which order data comes.
     *
     * @param initialR2t unsolicited Data-Out is forbidden
     * @param immediateData a command may carry data
     * @param dataPduInOrder the PDUs of a sequence come in order
     * @param dataSequenceInOrder sequences come in order
     * @param maxOutstandingR2t R2Ts that one task may have open
     */
    public record Flow(
            boolean initialR2t,
            boolean immediateData,
            boolean dataPduInOrder,
            boolean dataSequenceInOrder,
            int maxOutstandingR2t) {}

    /**
     * Which digests PDUs carry.
     *
     * @param header CRC32C after the header
     * @param data CRC32C after the data segment
     */
    public record Digests(boolean header, boolean data) {}

    /**
     * What holds when a connection breaks.
     *
     * @param level ErrorRecoveryLevel
     * @param time2WaitSeconds least time before a reconnect after the connection broke
     * @param time2RetainSeconds how long the target keeps tasks after that
     * @param maxConnections connections the session may have
     */
    public record Recovery(int level, int time2WaitSeconds, int time2RetainSeconds, int maxConnections) {}

    /** The same where we send shorter segments than the peer would take. */
    public NegotiatedKeys withMaxSendBytes(int maxSendBytes) {
        Lengths shorter =
                new Lengths(lengths.maxRecvBytes(), maxSendBytes, lengths.maxBurstBytes(), lengths.firstBurstBytes());
        return new NegotiatedKeys(shorter, flow, digests, recovery, fastAbort);
    }

    static NegotiatedKeys of(Function<Key, String> value, int maxRecvBytes, int maxSendBytes) {
        Values values = new Values(value);
        int maxBurstBytes = values.number(Key.MAX_BURST_LENGTH);
        int firstBurstBytes = Math.min(values.number(Key.FIRST_BURST_LENGTH), maxBurstBytes);
        return new NegotiatedKeys(
                new Lengths(maxRecvBytes, maxSendBytes, maxBurstBytes, firstBurstBytes),
                new Flow(
                        values.yes(Key.INITIAL_R2T),
                        values.yes(Key.IMMEDIATE_DATA),
                        values.yes(Key.DATA_PDU_IN_ORDER),
                        values.yes(Key.DATA_SEQUENCE_IN_ORDER),
                        values.number(Key.MAX_OUTSTANDING_R2T)),
                new Digests(values.is(Key.HEADER_DIGEST, "CRC32C"), values.is(Key.DATA_DIGEST, "CRC32C")),
                new Recovery(
                        values.number(Key.ERROR_RECOVERY_LEVEL),
                        values.number(Key.DEFAULT_TIME2WAIT),
                        values.number(Key.DEFAULT_TIME2RETAIN),
                        values.number(Key.MAX_CONNECTIONS)),
                values.is(Key.TASK_REPORTING, "FastAbort"));
    }

    private record Values(Function<Key, String> source) {

        int number(Key key) {
            return (int) KeyBounds.number(source.apply(key));
        }

        boolean yes(Key key) {
            return is(key, "Yes");
        }

        boolean is(Key key, String value) {
            return source.apply(key).equals(value);
        }
    }
}
