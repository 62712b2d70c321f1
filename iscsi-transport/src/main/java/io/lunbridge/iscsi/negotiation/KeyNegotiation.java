package io.lunbridge.iscsi.negotiation;

import io.lunbridge.iscsi.negotiation.KeyUse.Sender;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One side of the operational negotiation of one login (RFC 7143 section 6.2): proposes, answers, and remembers what was
 * settled. Either side may propose any key; each key is settled once.
 */
public final class KeyNegotiation {

    private final Sender self;
    private final KeyOffer offer;
    private final boolean discovery;
    private final Set<Key> proposed = EnumSet.noneOf(Key.class);
    private final Set<Key> received = EnumSet.noneOf(Key.class);
    private final Map<Key, String> settled = new EnumMap<>(Key.class);
    private final Map<Key, String> declared = new EnumMap<>(Key.class);

    /** The initiator's side. */
    public static KeyNegotiation ofInitiator(KeyOffer offer, boolean discovery) {
        return new KeyNegotiation(Sender.INITIATOR, offer, discovery);
    }

    /** The target's side. */
    public static KeyNegotiation ofTarget(KeyOffer offer, boolean discovery) {
        return new KeyNegotiation(Sender.TARGET, offer, discovery);
    }

    private KeyNegotiation(Sender self, KeyOffer offer, boolean discovery) {
        this.self = self;
        this.offer = offer;
        this.discovery = discovery;
    }

    /** Everything of the offer that has been neither proposed nor settled: to be sent now. */
    public List<KeyValue> propose() {
        List<KeyValue> pairs = new ArrayList<>();
        for (Key key : offer.keys()) {
            boolean meaningful = !discovery || key.use().inDiscovery();
            if (meaningful && !settled.containsKey(key) && proposed.add(key)) {
                pairs.add(KeyValue.of(key, offer.value(key)));
            }
        }
        return pairs;
    }

    /** The one key of the offer, to be sent now. */
    public KeyValue propose(Key key) {
        proposed.add(key);
        return KeyValue.of(key, offer.value(key));
    }

    /**
     * Takes a pair of the peer's: its answer to our proposal, its own proposal, or a declaration.
     *
     * @param answers receives the pair to send in return, if one is owed
     * @throws NegotiationException if the pair ends the negotiation
     */
    public void receive(KeyValue pair, List<KeyValue> answers) throws NegotiationException {
        Key key = Key.named(pair.key());
        if (key == null) {
            if (!pair.isRefusal()) {
                boolean obsolete = Key.OBSOLETE.contains(pair.key());
                answers.add(new KeyValue(pair.key(), obsolete ? KeyValue.REJECT : KeyValue.NOT_UNDERSTOOD));
            }
            return;
        }
        boolean isAnswer = proposed.contains(key);
        if (!isAnswer && !key.use().mayComeFrom(peer())) {
            throw new NegotiationException(pair + " cannot come from the " + peer());
        }
        if (!received.add(key) && key != Key.TARGET_ADDRESS) {
            throw new NegotiationException(key.text() + " was sent twice");
        }
        if (key.function() == KeyFunction.DECLARED) {
            declare(key, pair);
        } else if (isAnswer) {
            settled.put(key, KeyRules.checkedAnswer(key, offer.value(key), pair.value()));
        } else {
            answerProposal(key, pair, answers);
        }
    }

    private void declare(Key key, KeyValue pair) throws NegotiationException {
        if (pair.isRefusal()) {
            return;
        }
        if (key.bounds().isNumeric() && !key.bounds().admits(KeyBounds.number(pair.value()))) {
            throw new NegotiationException(pair + " is not a value of that key");
        }
        declared.put(key, pair.value());
    }

    private void answerProposal(Key key, KeyValue pair, List<KeyValue> answers) throws NegotiationException {
        if (pair.isRefusal()) {
            throw new NegotiationException(pair + " answers nothing that was proposed");
        }
        if (key.function() == KeyFunction.REQUEST || (discovery && !key.use().inDiscovery())) {
            answers.add(KeyValue.of(key, KeyValue.IRRELEVANT));
            return;
        }
        String answer = KeyRules.answer(key, offer.value(key), pair.value());
        answers.add(KeyValue.of(key, answer));
        if (!answer.equals(KeyValue.REJECT)) {
            settled.put(key, answer);
        }
    }

    private Sender peer() {
        return self == Sender.INITIATOR ? Sender.TARGET : Sender.INITIATOR;
    }

    /** What the peer declared of {@code key}, or null. */
    public @Nullable String declaredByPeer(Key key) {
        return declared.get(key);
    }

    /** The number that the peer declared of {@code key}, or {@code otherwise}. */
    public int declaredByPeer(Key key, int otherwise) {
        String value = declared.get(key);
        return value == null ? otherwise : (int) KeyBounds.number(value);
    }

    /** What both sides are bound to now; a key that was never settled has its default. */
    public NegotiatedKeys result() {
        return NegotiatedKeys.of(this::value, ownMaxRecvBytes(), peerMaxRecvBytes());
    }

    private String value(Key key) {
        String value = settled.get(key);
        if (value == null && proposed.contains(key) && KeyRules.needsNoAnswer(key, offer.value(key))) {
            value = offer.value(key);
        }
        return value == null ? key.defaultValue() : value;
    }

    private int ownMaxRecvBytes() {
        Key key = Key.MAX_RECV_DATA_SEGMENT_LENGTH;
        return Integer.parseInt(proposed.contains(key) ? offer.value(key) : key.defaultValue());
    }

    private int peerMaxRecvBytes() {
        Key key = Key.MAX_RECV_DATA_SEGMENT_LENGTH;
        return declaredByPeer(key, Integer.parseInt(key.defaultValue()));
    }
}
