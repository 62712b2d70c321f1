package io.lunbridge.block;

import io.netty.util.LeakPresenceDetector;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a ByteBuf unreleased.
 *
 * <p>Netty counts the open buffers where {@code -Dio.netty.customResourceLeakDetector} names {@link OpenBufferCounter}; JUnit
 * finds this extension by itself ({@code META-INF/services}). Both are switched on in the root pom, so that a module
 * needs no more than this jar on its test path. Event loops may finish after the last test, so the count has a few
 * seconds to reach zero. To see where a leaked buffer was made: {@code
 * -Dio.netty.util.LeakPresenceDetector.trackCreationStack=true}.
 */
public final class LeakPresenceExtension implements BeforeAllCallback, AfterAllCallback {

    private static final int GRACE_POLLS = 500;
    private static final long POLL_NANOS = 10_000_000;

    /** Classes run one after the other; what is allocated between two of them belongs to nobody. */
    private static volatile LeakPresenceDetector.ResourceScope scope = newScope("no test class");

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermostClass(context)) {
            scope = newScope(context.getDisplayName());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!isOutermostClass(context)) {
            return;
        }
        LeakPresenceDetector.ResourceScope finished = scope;
        scope = newScope("after " + context.getDisplayName());
        for (int poll = 0; poll < GRACE_POLLS && finished.hasOpenResources(); poll++) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        if (finished.hasOpenResources()) {
            finished.close(); // throws, and tells what leaked
        }
    }

    /** A scope that never ends: closing it would make a late release throw inside the loop that is late. */
    private static LeakPresenceDetector.ResourceScope newScope(String name) {
        return new LeakPresenceDetector.ResourceScope(name);
    }

    private static boolean isOutermostClass(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }

    static LeakPresenceDetector.ResourceScope currentScope() {
        return scope;
    }
}
