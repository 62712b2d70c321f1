/**
 * Lunbridge against programs that we did not write: tgt as the target; libiscsi, QEMU, libnbd and fio as clients.
 *
 * <p>{@link io.lunbridge.interop.TgtTarget} starts a target of its own for a test, {@link
 * io.lunbridge.interop.Processes} runs tools to their end, {@link io.lunbridge.interop.BackgroundProcess} keeps one
 * running. Other packages of these tests use the three as well. {@link io.lunbridge.interop.OpenIscsi} runs the real
 * iscsiadm on a database of its own.
 */
@NullMarked
package io.lunbridge.interop;

import org.jspecify.annotations.NullMarked;
