package io.lunbridge.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which rule of the standard a test holds the product to. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Spec {

    /** The standard and the section, as {@code "RFC 7143 11.8"}. */
    String value();

    /** The test of the UNH-IOL suites that it is taken from, as {@code "FFP 9.1"}; empty where it is not. */
    String unh() default "";
}
