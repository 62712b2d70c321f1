package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Verbs for tests of the protocol. */
final class SmallHandler implements ControlHandler {

    final CountDownLatch held = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();

    @Override
    public Map<String, Set<String>> verbs() {
        return Map.of(
                "echo", Set.of("text"), "refuse", Set.of(), "break", Set.of(), "wait", Set.of(), "flood", Set.of());
    }

    @Override
    public Map<String, @Nullable Object> answer(ControlRequest request) throws CommandException, InterruptedException {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        switch (request.verb()) {
            case "echo" -> results.put("text", request.text("text"));
            case "refuse" -> throw new CommandException(ExitCode.BUSY, "it is in use; try another");
            case "wait" -> {
                waiting.incrementAndGet();
                held.countDown();
                released.await();
            }
            case "flood" -> results.put("text", "x".repeat(ControlMessage.MAX_BYTES));
            default -> throw new IllegalStateException("broken");
        }
        answered.incrementAndGet();
        return results;
    }
}
