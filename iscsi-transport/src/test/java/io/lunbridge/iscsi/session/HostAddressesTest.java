package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session comes back although the name server does not. */
class HostAddressesTest {

    private static final List<InetAddress> FIRST = List.of(address(1), address(2));
    private static final List<InetAddress> MOVED = List.of(address(3));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NameServer server = new NameServer();
    private final HostAddresses hosts = new HostAddresses(channel.eventLoop(), server);
    private final List<Object> outcomes = new ArrayList<>();

    @BeforeEach
    void freezeTime() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void anUnknownHostIsAFailure() {
        ask("portal");
        server.refuses();
        settle();
        assertThat(outcomes).singleElement().isInstanceOf(UnknownHostException.class);
    }

    @Test
    void aFirstQuestionWaitsForAsLongAsItTakes() {
        ask("portal");
        pass(HostAddresses.PATIENCE_MILLIS * 10);
        assertThat(outcomes).isEmpty();
        server.answers(FIRST);
        settle();
        assertThat(outcomes).containsExactly(FIRST);
    }

    @Test
    void aHostThatCannotBeFoundAnyMoreHasTheAddressesOfLastTime() {
        isKnown("portal", FIRST);
        ask("portal");
        server.refuses();
        settle();
        assertThat(outcomes).containsExactly(FIRST);
    }

    @Test
    void aNameServerThatSaysNothingIsNotWaitedForLong() {
        isKnown("portal", FIRST);
        ask("portal");
        pass(HostAddresses.PATIENCE_MILLIS - 1);
        assertThat(outcomes).isEmpty();
        pass(1);
        assertThat(outcomes).containsExactly(FIRST);
        server.refuses();
        settle();
        assertThat(outcomes).as("told once").hasSize(1);
    }

    @Test
    void aHostThatMovedHasItsNewAddresses() {
        isKnown("portal", FIRST);
        ask("portal");
        server.answers(MOVED);
        settle();
        assertThat(outcomes).containsExactly(MOVED);
        outcomes.clear();
        ask("portal");
        server.refuses();
        settle();
        assertThat(outcomes).containsExactly(MOVED);
    }

    @Test
    void anAnswerThatCameTooLateIsForTheNextQuestion() {
        isKnown("portal", FIRST);
        ask("portal");
        pass(HostAddresses.PATIENCE_MILLIS);
        server.answers(MOVED);
        settle();
        assertThat(outcomes).containsExactly(FIRST);
        outcomes.clear();
        ask("portal");
        server.refuses();
        settle();
        assertThat(outcomes).containsExactly(MOVED);
    }

    @Test
    void aTargetThatNamesHostsWithoutEndIsNotRemembered() {
        for (int i = 0; i < HostAddresses.MAX_REMEMBERED; i++) {
            isKnown("portal" + i, FIRST);
        }
        isKnown("one-more", FIRST);
        ask("one-more");
        server.refuses();
        settle();
        assertThat(outcomes).singleElement().isInstanceOf(UnknownHostException.class);
        outcomes.clear();
        ask("portal0");
        server.refuses();
        settle();
        assertThat(outcomes).containsExactly(FIRST);
    }

    private void isKnown(String host, List<InetAddress> addresses) {
        ask(host);
        server.answers(addresses);
        settle();
        outcomes.clear();
    }

    private void ask(String host) {
        hosts.find(host, outcomes::add, outcomes::add);
    }

    private void settle() {
        channel.runPendingTasks();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Answers when it is told to. */
    private static final class NameServer extends InetNameResolver {

        private final Queue<Promise<List<InetAddress>>> questions = new ArrayDeque<>();

        NameServer() {
            super(ImmediateEventExecutor.INSTANCE);
        }

        @Override
        protected void doResolve(String host, Promise<InetAddress> promise) {
            throw new AssertionError("one address is not enough");
        }

        @Override
        protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
            questions.add(promise);
        }

        void answers(List<InetAddress> addresses) {
            questions.remove().setSuccess(addresses);
        }

        void refuses() {
            questions.remove().setFailure(new UnknownHostException("portal"));
        }
    }
}
