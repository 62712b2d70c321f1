/**
 * The compliance table: which rule of RFC 7143, and which test of the UNH-IOL suites, is held to by which of our tests,
 * and with what result.
 *
 * <p>The build makes it from the {@link io.lunbridge.conformance.Spec} annotations and the catalogue of the UNH-IOL
 * tests, in {@code target/compliance.md} and {@code .tsv}. Nothing may be missing from it in silence: {@code
 * CatalogueTest} fails where a test of the catalogue has neither a test of ours nor a reason.
 */
@NullMarked
package io.lunbridge.compliance;

import org.jspecify.annotations.NullMarked;
