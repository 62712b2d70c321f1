package io.lunbridge.kernel;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Makes checks inside the guest and prints the {@link Tap} lines. A failed check does not keep the next from running. */
final class GuestChecks {

    static final boolean SMOKE = "smoke".equals(System.getenv("LUNBRIDGE_KERNEL"));

    /** So many checks a smoke run makes; {@code tap.sh} has the number too. */
    static final int SMOKE_CHECKS = 3;

    private int made;

    /** What a check does; it fails by throwing. */
    interface Body {
        void run() throws Exception;
    }

    void check(String name, Body body) {
        if (SMOKE && made == SMOKE_CHECKS) {
            return;
        }
        made++;
        try {
            body.run();
            System.out.println("ok " + name);
        } catch (Throwable e) {
            System.out.println("not ok " + name);
            StringWriter reasons = new StringWriter();
            e.printStackTrace(new PrintWriter(reasons));
            reasons.toString().lines().limit(20).forEach(line -> System.out.println("# " + line));
        }
    }

    /** Prints how many checks there were; without that line the host takes the program for one that broke off. */
    void finish() {
        System.out.println("1.." + made);
    }
}
