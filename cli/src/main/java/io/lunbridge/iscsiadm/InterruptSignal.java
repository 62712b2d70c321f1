package io.lunbridge.iscsiadm;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * SIGINT while a command waits for somebody: a message, and 1 for an exit code (M-64). What the daemon was asked for goes on.
 *
 * <p>By reflection, as javac warns of {@code sun.misc.Signal} in a way that cannot be suppressed. It takes a moment, so only
 * who is about to wait calls it.
 */
final class InterruptSignal implements InvocationHandler {

    private final Console console;

    private InterruptSignal(Console console) {
        this.console = console;
    }

    /** From now on. Where it cannot be had the JVM ends by itself, with another exit code. */
    static void take(Console console) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    InterruptSignal.class.getClassLoader(), new Class<?>[] {handler}, new InterruptSignal(console));
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            Object unused = signal.getMethod("handle", signal, handler).invoke(null, interrupt, proxy);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // See above.
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        console.error("caught SIGINT, exiting...");
        Runtime.getRuntime().halt(ErrorCode.UNKNOWN.number());
        return null;
    }
}
