/**
 * Targets that fail and targets that attack: the connection ends at every point of a conversation, nothing is answered
 * any more, lengths and offsets lie.
 *
 * <p>Whatever happens, a request ends with one {@link io.lunbridge.block.BlockException}, in time; nothing that was
 * not sent is ever read; nothing hangs, and no buffer is left over (checked for each class by the leak presence
 * extension). The scripts are those of {@code io.lunbridge.scripted}, the product is driven by {@code
 * io.lunbridge.conformance}.
 */
@NullMarked
package io.lunbridge.faults;

import org.jspecify.annotations.NullMarked;
