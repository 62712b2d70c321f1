package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TextInput;
import io.lunbridge.iscsi.negotiation.TextOutput;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Answers Text Requests of the Full Feature Phase: SendTargets (RFC 7143 appendix C), and no to all else. */
final class TextAnswers {

    private static final int TRANSFER_TAG = 1;

    private final KeyValue name;
    private final KeyValue address;
    private final int maxSendBytes;
    private final TextInput input = new TextInput();
    private final TextOutput output = new TextOutput();

    /** Answers with one target at one address, the portal group tag included. */
    TextAnswers(String targetName, String address, int maxSendBytes) {
        name = KeyValue.of(Key.TARGET_NAME, targetName);
        this.address = KeyValue.of(Key.TARGET_ADDRESS, address);
        this.maxSendBytes = maxSendBytes;
    }

    void receive(TextRequest request, ByteBuf data, Responses responses) throws PduException {
        int tag = request.initiatorTaskTag();
        try {
            input.add(data);
            if (request.continueBit()) {
                responses.text(tag, TRANSFER_TAG, Unpooled.EMPTY_BUFFER);
                return;
            }
            output.add(answers(input.pairs()));
        } catch (NegotiationException e) {
            throw new PduException(PduException.Cause.PROTOCOL, String.valueOf(e.getMessage()));
        }
        ByteBuf piece = output.take(maxSendBytes);
        responses.text(tag, output.isEmpty() ? BasicHeader.RESERVED_TAG : TRANSFER_TAG, piece);
    }

    private List<KeyValue> answers(List<KeyValue> pairs) {
        List<KeyValue> answers = new ArrayList<>();
        for (KeyValue pair : pairs) {
            if (pair.is(Key.SEND_TARGETS)) {
                boolean meant = pair.value().equals("All")
                        || pair.value().isEmpty()
                        || pair.value().equals(name.value());
                if (meant) {
                    answers.add(name);
                    answers.add(address);
                }
            } else if (!pair.isRefusal()) {
                boolean known = Key.named(pair.key()) != null;
                answers.add(new KeyValue(pair.key(), known ? KeyValue.REJECT : KeyValue.NOT_UNDERSTOOD));
            }
        }
        return answers;
    }
}
