package io.lunbridge.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests need these programs on the PATH. Where one is missing they are skipped with a reason, so that a plain
 * Maven build runs anywhere; with {@code LUNBRIDGE_TOOLS=required} in the environment, as {@code scripts/test} sets
 * it, they fail instead: nothing is skipped silently there.
 */
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeededTools.class)
public @interface NeedsTools {

    /** Names of programs. */
    String[] value();
}
