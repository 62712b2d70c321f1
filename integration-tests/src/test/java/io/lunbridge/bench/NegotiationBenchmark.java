package io.lunbridge.bench;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyNegotiation;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** All operational keys of a login, both sides: what each session costs once, and each attempt of a recovery. */
@State(Scope.Thread)
public class NegotiationBenchmark {

    private final KeyOffer ours = KeyOffer.forSpeed();
    private final KeyOffer theirs = KeyOffer.forSpeed().with(Key.MAX_BURST_LENGTH, 131072);

    @Benchmark
    public NegotiatedKeys bothSides() throws NegotiationException {
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
        return initiator.result();
    }
}
