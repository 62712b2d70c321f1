/**
 * The kernel attach on a real kernel: User Mode Linux boots it in a few seconds, by {@code scripts/uml}, with the
 * host's file system as its own.
 *
 * <p>A boot is dear, so each test class boots once and its program inside the guest makes many checks and prints a line
 * for each ({@link io.lunbridge.kernel.Tap}), which become the tests here. Programs whose names begin with Guest run
 * inside, the others on the host. A host without User Mode Linux fails these tests: they are the proof that the disk
 * works.
 */
@NullMarked
package io.lunbridge.kernel;

import org.jspecify.annotations.NullMarked;
