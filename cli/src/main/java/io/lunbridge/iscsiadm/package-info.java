/**
 * The command {@code iscsiadm}: open-iscsi's own options, operations, output, messages and exit codes, so that scripts and
 * programs which drive it need not change. The version that is followed to the letter is 2.1.8.
 *
 * <p>{@link io.lunbridge.iscsiadm.Iscsiadm} is started by the launcher; it reads the arguments into a {@code Request} and gives
 * that to the mode. Records are read and written here, through {@code io.lunbridge.records}, without any daemon; what needs a
 * session is asked of the daemon over its control socket ({@code DaemonLink}), and discovery is done in this process.
 *
 * <p>Clients call this program a dozen times per disk, so its start has to be quick: plain JDK, no logging framework, no Netty,
 * no native library, unless a discovery is to be done.
 */
@NullMarked
package io.lunbridge.iscsiadm;

import org.jspecify.annotations.NullMarked;
