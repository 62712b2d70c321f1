package io.lunbridge.block;

import io.netty.util.LeakPresenceDetector;

/** Counts every open buffer for the test class that runs now; see {@link LeakPresenceExtension}. Made by Netty, by name. */
public final class OpenBufferCounter<T> extends LeakPresenceDetector<T> {

    public OpenBufferCounter(Class<?> resourceType, int samplingInterval) {
        super(resourceType);
    }

    /** Netty looks for this form too; it passes the interval and a limit, which counting does not need. */
    public OpenBufferCounter(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType);
    }

    @Override
    protected ResourceScope currentScope() {
        return LeakPresenceExtension.currentScope();
    }
}
