package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * One text request with its answer, which may come in several PDUs: as long as the target's is not final, an empty request
 * with the target's tag asks it to go on (RFC 7143 sections 11.10 and 11.11).
 */
final class TextExchange extends Task {

    /** Most bytes of an answer: some thousands of targets. */
    static final int MAX_ANSWER_BYTES = 1 << 20;

    /** Most PDUs of an answer, so that one that never ends does end. */
    static final int MAX_RESPONSES = 4096;

    private final Connection connection;
    private final CommandWindow window;
    private final TextCompletion done;
    private final ByteBuf answer;
    private int responses;

    TextExchange(Connection connection, CommandWindow window, TextCompletion done) {
        this.connection = connection;
        this.window = window;
        this.done = done;
        answer = connection.channel().alloc().buffer(0, MAX_ANSWER_BYTES);
    }

    /** Owns {@code request}. */
    void send(ByteBuf request) {
        write(request, 0, BasicHeader.RESERVED_TAG);
    }

    private void write(ByteBuf request, long lunBytes, int targetTransferTag) {
        connection
                .writer()
                .next(new TextRequest())
                .immediate(true)
                .lun(lunBytes)
                .initiatorTaskTag(initiatorTaskTag())
                .targetTransferTag(targetTransferTag)
                .cmdSn(window.next())
                .expStatSn(connection.expStatSn());
        connection.writer().finish(request);
    }

    /** Whether the answer is complete now. */
    boolean received(TextResponse header, ByteBuf data) throws PduException {
        if (++responses > MAX_RESPONSES || data.readableBytes() > answer.maxWritableBytes()) {
            throw new PduException(PduException.Cause.PROTOCOL, "a text without an end");
        }
        answer.writeBytes(data);
        boolean more = header.continueBit() || !header.finalBit();
        if (more && header.targetTransferTag() == BasicHeader.RESERVED_TAG) {
            throw new PduException(PduException.Cause.PROTOCOL, "a Text Response that goes on without a tag");
        }
        if (more) {
            write(Unpooled.EMPTY_BUFFER, header.lun(), header.targetTransferTag());
        }
        return !more;
    }

    /** The exchange has left the table. */
    void complete() {
        done.answered(answer);
    }

    @Override
    void abandon(IscsiException cause) {
        answer.release();
        done.failed(cause);
    }
}
