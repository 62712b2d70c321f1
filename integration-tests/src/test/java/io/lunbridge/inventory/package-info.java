/**
 * The table of rows in cli's README: what open-iscsi has and its users and clients rely on, and which of our tests proves it.
 *
 * <p>It is made from the list {@code rows.txt} and the {@link io.lunbridge.records.Row} annotations of all tests. Nothing may
 * be missing from it in silence: {@code RowTableTest} fails where a row has neither a test nor a reason, where a test names a
 * row that is not in the list, where the list names a test that is not there, and where the README's table is not this one.
 */
@NullMarked
package io.lunbridge.inventory;

import org.jspecify.annotations.NullMarked;
