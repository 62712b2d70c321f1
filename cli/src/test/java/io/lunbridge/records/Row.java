package io.lunbridge.records;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The rows of the feature inventory (S-, M-, R-, CR-, U-) that a test proves. The table of rows in the README is made
 * from these.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Row {

    /** Identifiers such as {@code M-36}. */
    String[] value();
}
