package io.lunbridge.iscsi.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNegotiationTest {

    /** What we answer to a proposal, by the result functions of RFC 7143 section 13: key, ours, theirs, answer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "HEADER_DIGEST None,CRC32C CRC32C,None CRC32C",
                "HEADER_DIGEST None CRC32C Reject",
                "HEADER_DIGEST CRC32C X-a,CRC32C CRC32C",
                "MAX_CONNECTIONS 1 4 1",
                "INITIAL_R2T No No No",
                "INITIAL_R2T Yes No Yes",
                "INITIAL_R2T No Yes Yes",
                "INITIAL_R2T No yes Reject",
                "IMMEDIATE_DATA Yes Yes Yes",
                "IMMEDIATE_DATA Yes No No",
                "IMMEDIATE_DATA No Yes No",
                "MAX_BURST_LENGTH 65536 16777215 65536",
                "MAX_BURST_LENGTH 65536 0x200 512",
                "MAX_BURST_LENGTH 65536 511 Reject",
                "MAX_BURST_LENGTH 65536 16777216 Reject",
                "DEFAULT_TIME2WAIT 0 3 3",
                "DEFAULT_TIME2WAIT 5 3 5",
                "DEFAULT_TIME2WAIT 5 3601 Reject",
                "DEFAULT_TIME2RETAIN 5 3 3",
                "MAX_OUTSTANDING_R2T 8 0 Reject",
                "MAX_OUTSTANDING_R2T 8 65535 8",
                "DATA_PDU_IN_ORDER Yes No Yes",
                "DATA_SEQUENCE_IN_ORDER No No No",
                "ERROR_RECOVERY_LEVEL 0 2 0",
                "ERROR_RECOVERY_LEVEL 0 3 Reject",
                "TASK_REPORTING RFC3720 FastAbort,RFC3720 RFC3720"
            })
    void answersFollowTheResultFunctions(Key key, String ours, String theirs, String answer)
            throws NegotiationException {
        KeyNegotiation target = KeyNegotiation.ofTarget(KeyOffer.forSpeed().with(key, ours), false);
        assertThat(answers(target, KeyValue.of(key, theirs))).containsExactly(KeyValue.of(key, answer));
    }

    @Test
    void bothSidesComeToTheSameResult() throws NegotiationException {
        KeyOffer ours = KeyOffer.forSpeed().with(Key.MAX_OUTSTANDING_R2T, 4).with(Key.HEADER_DIGEST, "CRC32C,None");
        KeyOffer theirs = KeyOffer.forSpeed()
                .with(Key.MAX_BURST_LENGTH, 131072)
                .with(Key.MAX_RECV_DATA_SEGMENT_LENGTH, 8192)
                .with(Key.DEFAULT_TIME2WAIT, 7)
                .with(Key.HEADER_DIGEST, "None,CRC32C");
        KeyNegotiation initiator = KeyNegotiation.ofInitiator(ours, false);
        KeyNegotiation target = KeyNegotiation.ofTarget(theirs, false);
        List<KeyValue> answers = new ArrayList<>();
        for (KeyValue proposal : initiator.propose()) {
            target.receive(proposal, answers);
        }
        answers.add(target.propose(Key.MAX_RECV_DATA_SEGMENT_LENGTH));
        List<KeyValue> more = new ArrayList<>();
        for (KeyValue answer : answers) {
            initiator.receive(answer, more);
        }
        assertThat(more).isEmpty();
        NegotiatedKeys result = initiator.result();
        assertThat(result.flow()).isEqualTo(target.result().flow());
        assertThat(result.recovery()).isEqualTo(target.result().recovery());
        assertThat(result.digests()).isEqualTo(new NegotiatedKeys.Digests(true, false));
        assertThat(result.lengths()).isEqualTo(new NegotiatedKeys.Lengths(262144, 8192, 131072, 131072));
        assertThat(target.result().lengths()).isEqualTo(new NegotiatedKeys.Lengths(8192, 262144, 131072, 131072));
        assertThat(result.recovery().time2WaitSeconds()).isEqualTo(7);
    }

    @Test
    void withoutAnAnswerTheDefaultHolds() {
        KeyNegotiation initiator = KeyNegotiation.ofInitiator(KeyOffer.forSpeed(), false);
        initiator.propose();
        NegotiatedKeys result = initiator.result();
        assertThat(result.flow().initialR2t()).isTrue();
        assertThat(result.lengths().maxBurstBytes()).isEqualTo(262144);
        assertThat(result.lengths().firstBurstBytes()).isEqualTo(65536);
        assertThat(result.lengths().maxSendBytes()).isEqualTo(8192);
        assertThat(result.recovery().time2WaitSeconds()).isEqualTo(2);
    }

    @Test
    void aProposalThatSettlesByItselfNeedsNoAnswer() {
        KeyNegotiation initiator =
                KeyNegotiation.ofInitiator(KeyOffer.forSpeed().with(Key.IMMEDIATE_DATA, "No"), false);
        initiator.propose();
        assertThat(initiator.result().flow().immediateData()).isFalse();
    }

    @Test
    void refusedNumbersStayAtTheirDefault() throws NegotiationException {
        KeyNegotiation initiator = KeyNegotiation.ofInitiator(KeyOffer.forSpeed(), false);
        initiator.propose();
        assertThat(answers(initiator, KeyValue.of(Key.FIRST_BURST_LENGTH, "Irrelevant")))
                .isEmpty();
        assertThat(answers(initiator, KeyValue.of(Key.MAX_BURST_LENGTH, "Reject")))
                .isEmpty();
        assertThat(initiator.result().lengths().firstBurstBytes()).isEqualTo(65536);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MaxBurstLength=600",
                "MaxBurstLength=512 MaxBurstLength=512",
                "InitiatorName=iqn.x",
                "HeaderDigest=CRC32C",
                "TaskReporting=Reject"
            })
    void whatBreaksTheRulesIsRefused(String text) {
        KeyNegotiation initiator = KeyNegotiation.ofInitiator(
                KeyOffer.forSpeed().with(Key.MAX_BURST_LENGTH, 512).withHeaderDigest(DigestPreference.NONE), false);
        initiator.propose();
        assertThatThrownBy(() -> {
                    for (String pair : text.split(" ", -1)) {
                        int equals = pair.indexOf('=');
                        answers(initiator, new KeyValue(pair.substring(0, equals), pair.substring(equals + 1)));
                    }
                })
                .isInstanceOf(NegotiationException.class);
    }

    @Test
    void inDiscoveryMostKeysAreIrrelevant() throws NegotiationException {
        KeyNegotiation target = KeyNegotiation.ofTarget(KeyOffer.forSpeed(), true);
        assertThat(answers(target, KeyValue.of(Key.MAX_BURST_LENGTH, "512")))
                .containsExactly(KeyValue.of(Key.MAX_BURST_LENGTH, "Irrelevant"));
        assertThat(answers(target, KeyValue.of(Key.ERROR_RECOVERY_LEVEL, "0")))
                .containsExactly(KeyValue.of(Key.ERROR_RECOVERY_LEVEL, "0"));
    }

    @Test
    void unknownAndObsoleteKeys() throws NegotiationException {
        KeyNegotiation target = KeyNegotiation.ofTarget(KeyOffer.forSpeed(), false);
        assertThat(answers(target, new KeyValue("X-com.example.a", "1")))
                .containsExactly(new KeyValue("X-com.example.a", "NotUnderstood"));
        assertThat(answers(target, new KeyValue("OFMarkInt", "1~2")))
                .containsExactly(new KeyValue("OFMarkInt", "Reject"));
        assertThat(answers(target, new KeyValue("X-com.example.b", "NotUnderstood")))
                .isEmpty();
    }

    private static List<KeyValue> answers(KeyNegotiation negotiation, KeyValue pair) throws NegotiationException {
        List<KeyValue> answers = new ArrayList<>();
        negotiation.receive(pair, answers);
        return answers;
    }
}
