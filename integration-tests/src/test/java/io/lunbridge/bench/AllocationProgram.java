package io.lunbridge.bench;

import com.sun.management.ThreadMXBean;
import io.lunbridge.daemon.DigestSettings;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.iscsi.negotiation.DigestPreference;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * Counts what the event loop's thread allocates in the Java heap per request, once warm, and prints a line for each
 * kind of request: {@code allocated: BYTES B per …}. A program of its own, for it takes the launcher's JVM options: with
 * the tests' leak detector every buffer would have a record.
 */
final class AllocationProgram {

    private static final int WARM_REQUESTS = 60_000;
    private static final int COUNTED_REQUESTS = 4_000;
    private static final int WINDOWS = 5;
    private static final int DEEP = 32;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationProgram() {}

    public static void main(String[] args) throws Exception {
        measure(SessionSettings.BRIEF, "");
        DigestPreference wanted = DigestPreference.CRC32C_NONE;
        measure(SessionSettings.BRIEF.withDigests(new DigestSettings(wanted, wanted)), ", with digests");
    }

    private static void measure(SessionSettings settings, String what) throws Exception {
        try (BridgeRig rig = BridgeRig.inMemory(settings);
                NbdLoad simple = new NbdLoad(rig.socket(), false);
                NbdLoad structured = new NbdLoad(rig.socket(), true)) {
            long thread = rig.loopThreadId();
            for (int depth : new int[] {DEEP, 1}) {
                String where = " at depth " + depth + what;
                report(perRequest(thread, simple, NbdLoad.Kind.READ, depth), "4 KiB read" + where);
                report(perRequest(thread, structured, NbdLoad.Kind.READ, depth), "structured 4 KiB read" + where);
                report(perRequest(thread, simple, NbdLoad.Kind.WRITE, depth), "4 KiB write" + where);
                report(perRequest(thread, simple, NbdLoad.Kind.FLUSH, depth), "flush" + where);
            }
        }
    }

    /** The median of a few windows: a timer of the session may fall into one. */
    private static double perRequest(long thread, NbdLoad load, NbdLoad.Kind kind, int depth) throws Exception {
        load.run(kind, depth, (depth == 1 ? WARM_REQUESTS / 3 : WARM_REQUESTS) / depth);
        double[] windows = new double[WINDOWS];
        for (int i = 0; i < WINDOWS; i++) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            load.run(kind, depth, COUNTED_REQUESTS / depth);
            windows[i] = (THREADS.getThreadAllocatedBytes(thread) - before) / (double) COUNTED_REQUESTS;
        }
        Arrays.sort(windows);
        return windows[WINDOWS / 2];
    }

    private static void report(double bytes, String what) {
        System.out.println(String.format(Locale.ROOT, "allocated: %.0f B per %s", bytes, what));
    }
}
