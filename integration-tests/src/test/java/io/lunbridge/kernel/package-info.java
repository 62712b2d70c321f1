/**
 * The kernel attach on a real kernel: User Mode Linux boots it in a few seconds, by {@code scripts/uml}, with the
 * host's file system as its own.
 *
 * <p>A boot is dear, so a guest runs a whole program ({@link io.lunbridge.kernel.GuestProgram}), which makes many checks
 * and prints a line for each ({@link io.lunbridge.kernel.Tap}); they become the tests here. Classes whose names begin
 * with Guest run inside, but for {@code Guest} and {@code GuestProgram}. A host without User Mode Linux fails these
 * tests: they are the proof that the disk works.
 */
@NullMarked
package io.lunbridge.kernel;

import org.jspecify.annotations.NullMarked;
