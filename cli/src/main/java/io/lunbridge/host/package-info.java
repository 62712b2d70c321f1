/**
 * What a userspace disk needs of its own host: that neither paging, nor the kernel's search for free memory, nor the
 * killer of processes can make it wait for, or lose, the disk that it serves itself.
 *
 * <p>The rest is the launcher's: what has to be so before the JVM makes its first thread (the IO_FLUSHER flag, the OOM
 * score, signals), it does before; {@link io.lunbridge.host.Hardening} does what only the running process can do, and
 * says what is missing. Called once by what serves a kernel device; nothing here is on the data path.
 */
@NullMarked
package io.lunbridge.host;

import org.jspecify.annotations.NullMarked;
