package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers to pings and texts that no honest target gives. */
class HostileControlTest {

    private final TestTarget target = new TestTarget(8, 8, true);
    private final List<String> outcomes = new ArrayList<>();

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void aTextWithoutAnEndEnds() {
        int tag = ask();
        int responses = 0;
        while (target.end == null) {
            answer(
                    "",
                    header -> header.initiatorTaskTag(tag).targetTransferTag(9).finalBit(false));
            target.sent();
            responses++;
        }
        assertThat(responses).isEqualTo(TextExchange.MAX_RESPONSES + 1);
        assertThat(outcomes).containsExactly("failed");
    }

    @Test
    void aTextThatIsContinuedForEverEnds() {
        int tag = ask();
        String part = "x".repeat(TestTarget.MAX_RECEIVE_BYTES);
        int bytes = 0;
        while (target.end == null) {
            answer(
                    part,
                    header -> header.initiatorTaskTag(tag).targetTransferTag(9).finalBit(false));
            target.sent();
            bytes += part.length();
        }
        assertThat(bytes).isEqualTo(TextExchange.MAX_ANSWER_BYTES + part.length());
        assertThat(outcomes).containsExactly("failed");
    }

    @Test
    void aTextThatGoesOnWithoutATagEndsTheConnection() {
        int tag = ask();
        answer("a=b", header -> header.initiatorTaskTag(tag).finalBit(false));
        assertThat(target.isDropped()).isTrue();
        assertThat(outcomes).containsExactly("failed");
    }

    @Test
    void aTextThatNobodyAskedForEndsTheConnection() {
        int tag = ask();
        answer("a=b", header -> header.initiatorTaskTag(tag + 1));
        assertThat(target.isDropped()).isTrue();
        assertThat(outcomes).containsExactly("failed");
    }

    @Test
    void aScsiAnswerToATextEndsTheConnection() {
        int tag = ask();
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(tag)).deliver();
        assertThat(target.isDropped()).isTrue();
        assertThat(outcomes).containsExactly("failed");
    }

    /** A format error by section 7.7, which costs nobody anything: both that it says are taken as said. */
    @Test
    void aPingThatAnswersAndAsksIsAnAnswerAndAnswered() {
        for (int second = 0; second < 5; second++) {
            target.channel.advanceTimeBy(1, TimeUnit.SECONDS);
            target.channel.runScheduledPendingTasks();
        }
        NopOut ping = target.sentOne().as(new NopOut());
        int tag = ping.initiatorTaskTag();
        assertThat(tag).isNotEqualTo(BasicHeader.RESERVED_TAG);
        target.add(
                        new NopIn(),
                        header -> header.initiatorTaskTag(tag)
                                .targetTransferTag(77)
                                .lun(5))
                .deliver();
        NopOut answer = target.sentOne().as(new NopOut());
        assertThat(answer.targetTransferTag()).isEqualTo(77);
        assertThat(answer.lun()).isEqualTo(5);
        assertThat(target.end).isNull();
    }

    /** They move nothing, so they keep no command alive. */
    @Test
    void dataInWithoutDataIsNoProgress() {
        TestTask task = new TestTask();
        task.cdb().read16(0, 1, false);
        task.read(Lun.ofNumber(1), 512);
        target.session.submit(task);
        target.sent();
        int seconds = 0;
        for (int dataSn = 0; seconds < 100 && target.sent().isEmpty(); dataSn++, seconds++) {
            int number = dataSn;
            target.add(
                            new DataIn(),
                            header -> header.initiatorTaskTag(task.initiatorTaskTag())
                                    .dataSn(number))
                    .deliver();
            target.channel.advanceTimeBy(1, TimeUnit.SECONDS);
            target.channel.runScheduledPendingTasks();
        }
        assertThat(seconds).as("seconds until it is aborted").isBetween(60, 62);
    }

    private int ask() {
        target.session.text(Unpooled.copiedBuffer("a=?\0", StandardCharsets.US_ASCII), new TextCompletion() {
            @Override
            public void answered(ByteBuf text) {
                text.release();
                outcomes.add("answered");
            }

            @Override
            public void failed(IscsiException cause) {
                outcomes.add("failed");
            }
        });
        return target.sentOne().as(new TextRequest()).initiatorTaskTag();
    }

    private void answer(String text, Consumer<TextResponse> fill) {
        target.add(new TextResponse(), Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), fill)
                .deliver();
        target.statSn++;
    }
}
