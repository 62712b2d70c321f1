package io.lunbridge.conformance;

import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.VirtualDisk;
import java.util.List;
import java.util.function.UnaryOperator;
import org.opentest4j.TestAbortedException;

/**
 * A script and the product, one against the other. The script is played to its end, and its complaint, which says what
 * was wrong on the wire, comes before what the product then reported.
 */
public final class Conversation {

    private final List<Script> scripts;
    private UnaryOperator<SessionConfig> change = UnaryOperator.identity();
    private boolean strict;
    private boolean recovering;

    private Conversation(List<Script> scripts) {
        this.scripts = scripts;
    }

    /** What the test does with the product meanwhile. */
    @FunctionalInterface
    public interface Action {

        void with(Initiator initiator, VirtualDisk disk) throws Exception;
    }

    /** A conversation over one connection. */
    public static Conversation of(Script script) {
        return new Conversation(List.of(script));
    }

    /** A conversation that goes on, after the loss of its session, over another connection. */
    public static Conversation of(Script script, Script afterwards) {
        Conversation conversation = new Conversation(List.of(script, afterwards));
        conversation.recovering = true;
        return conversation;
    }

    /** Gives the product another configuration than the default one. */
    public Conversation configured(UnaryOperator<SessionConfig> configuration) {
        change = configuration;
        return this;
    }

    /** Holds initiators other than ours to what they are otherwise forgiven, too. */
    public Conversation strict() {
        strict = true;
        return this;
    }

    private Script[] played() {
        return scripts.stream()
                .map(script -> strict ? script : Contestant.current().adapted(script))
                .toArray(Script[]::new);
    }

    private Initiator open(ScriptedTarget target) throws Exception {
        return recovering ? Contestant.openCurrentRecovering(target, change) : Initiator.open(target, change);
    }

    /** Logs in, does the action, logs out; the script has to be through then. */
    public void run(Action action) throws Exception {
        try (ScriptedTarget target = ScriptedTarget.playing(played())) {
            try (Initiator initiator = open(target)) {
                action.with(initiator, target.disk());
            } catch (Exception | AssertionError e) {
                target.assertNoFailure(e);
                throw e;
            }
            target.assertPlayed();
        }
    }

    /** For a script that keeps the product from opening the disk: returns what the product reports. */
    public Exception runToRefusal() throws Exception {
        try (ScriptedTarget target = ScriptedTarget.playing(played())) {
            Exception refusal = refusal(target);
            target.assertPlayed();
            if (Contestant.current() != Contestant.LUNBRIDGE) {
                throw new OnlyTheWireJudged();
            }
            return refusal;
        }
    }

    private Exception refusal(ScriptedTarget target) {
        try (Initiator initiator = open(target)) {
            throw new AssertionError("opened all the same: " + initiator.geometry());
        } catch (TestAbortedException impossible) {
            throw impossible;
        } catch (Exception expected) {
            return expected;
        }
    }
}
