package io.lunbridge.kernel;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The classes that wait for guests come last, and the first class of all has the guests begin. JUnit finds it by itself
 * ({@code junit-platform.properties}, {@code META-INF/services}).
 */
public final class GuestsLast implements ClassOrderer, BeforeAllCallback {

    private static final String PACKAGE = GuestsLast.class.getPackageName();

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparing(GuestsLast::waits));
        if (context.getClassDescriptors().stream().anyMatch(GuestsLast::waits)) {
            Guests.expect();
        }
    }

    private static boolean waits(ClassDescriptor descriptor) {
        return descriptor.getTestClass().getPackageName().equals(PACKAGE);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Guests.begin();
    }
}
