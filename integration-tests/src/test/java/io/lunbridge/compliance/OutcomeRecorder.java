package io.lunbridge.compliance;

import io.lunbridge.conformance.Contestant;
import io.lunbridge.conformance.OnlyTheWireJudged;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Notes what comes of each test with {@link io.lunbridge.conformance.Spec}, and has the table written when the last one
 * has run. JUnit finds it by itself ({@code META-INF/services}) and runs the classes one after the other.
 */
public final class OutcomeRecorder implements BeforeAllCallback, BeforeEachCallback, TestWatcher {

    /** Of this JVM: surefire may run the classes in several rounds. */
    private static final Map<String, Outcome> OUTCOMES = new TreeMap<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OutcomeRecorder.class))
                .getOrComputeIfAbsent(Writing.class, key -> new Writing());
    }

    /** Closed by JUnit after the last class. */
    private static final class Writing implements AutoCloseable {

        @Override
        public void close() {
            if (!OUTCOMES.isEmpty()) {
                Results.write(Contestant.current(), Map.copyOf(OUTCOMES));
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Contestant.testBegins();
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, Outcome.PASSED);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        note(context, new Outcome(Outcome.Kind.FAILED, Complaint.of(cause)));
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        boolean played = cause instanceof OnlyTheWireJudged;
        note(context, played ? Outcome.PASSED : new Outcome(Outcome.Kind.NOT_RUN, Complaint.of(cause)));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        note(context, new Outcome(Outcome.Kind.NOT_RUN, reason.orElse("")));
    }

    private static void note(ExtensionContext context, Outcome outcome) {
        SpecTest test = context.getTestMethod().map(SpecTest::of).orElse(null);
        if (test != null) {
            OUTCOMES.merge(test.name(), attributed(outcome), Outcome::and);
        }
    }

    /** Another's initiator is not judged by a test that has not used it, or cannot. */
    private static Outcome attributed(Outcome outcome) {
        boolean ours = Contestant.current() == Contestant.LUNBRIDGE;
        boolean judged = Contestant.wasOpened() && outcome.kind() != Outcome.Kind.NOT_RUN;
        return ours || judged ? outcome : new Outcome(Outcome.Kind.NOT_APPLICABLE, outcome.complaint());
    }
}
