package io.lunbridge.block;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps what changes the medium from overtaking, on one way to it, what may still be under way on another. Shared by the
 * {@link GatedBlockDevice}s of one disk; every method may be called from any thread.
 *
 * <p>It is open unless somebody holds or refuses; who does so takes that back once. Whoever learns of a failure after the
 * gate was shut finds it shut, on whichever way he goes on: that is what it is for.
 */
public final class ModificationGate {

    private final AtomicInteger holding = new AtomicInteger();
    private final AtomicInteger refusing = new AtomicInteger();
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

    /** Lets changes wait. */
    public void hold() {
        holding.incrementAndGet();
    }

    /** Takes a {@link #hold()} back. */
    public void release() {
        holding.decrementAndGet();
        tell();
    }

    /** Lets changes fail, those that wait too. */
    public void refuse() {
        refusing.incrementAndGet();
        tell();
    }

    /** Takes a {@link #refuse()} back. */
    public void admit() {
        refusing.decrementAndGet();
        tell();
    }

    /** Whether changes may begin. */
    public boolean isOpen() {
        // In this order: who goes over from holding to refusing does the latter first.
        return holding.get() == 0 && refusing.get() == 0;
    }

    boolean refuses() {
        return refusing.get() != 0;
    }

    /** To be told, on whichever thread, whenever the gate may have been opened, or refuses. */
    void add(Runnable listener) {
        listeners.add(listener);
    }

    void remove(Runnable listener) {
        listeners.remove(listener);
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }
}
