/**
 * RFC 7143, rule by rule: each test plays a script of {@code io.lunbridge.scripted} against the product and names the
 * section by {@link io.lunbridge.conformance.Spec}. A class per topic.
 *
 * <p>The product is driven as a disk is,; what it does on the wire is
 * the script's to judge.
 */
@NullMarked
package io.lunbridge.conformance;

import org.jspecify.annotations.NullMarked;
