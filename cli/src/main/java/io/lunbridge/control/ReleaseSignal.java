package io.lunbridge.control;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGUSR2: a successor is about to start, so let go of the devices without detaching them.
 *
 * <p>The JVM has no public call for signals. {@code sun.misc.Signal} is exported for this very use (JEP 260) but javac warns
 * of it in a way that cannot be suppressed, hence the reflection. By default the JVM takes SIGUSR2 for suspending its
 * threads, which only profilers ask for: the launcher gives it another one ({@code _JAVA_SR_SIGNUM}).
 */
final class ReleaseSignal {

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseSignal.class);

    private ReleaseSignal() {}

    /** From now on the signal does this, on a thread of its own, as often as it comes. */
    static void onSignal(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (self, method, arguments) -> {
                action.run();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(ReleaseSignal.class.getClassLoader(), new Class<?>[] {handler}, call);
            Object usr2 = signal.getConstructor(String.class).newInstance("USR2");
            Object unused = signal.getMethod("handle", signal, handler).invoke(null, usr2, proxy);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("SIGUSR2 cannot be taken ({}): only 'release' through the control socket lets go", e.toString());
        }
    }
}
