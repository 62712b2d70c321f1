/**
 * The shape of the project as tests: which package may know which ({@link io.lunbridge.architecture.Arrows}), what is
 * kept out of where ({@link io.lunbridge.architecture.ArchitectureRules}), and how long and how named things are ({@link
 * io.lunbridge.architecture.TidyRules}). No rule has a list of exceptions, and each is seen to catch a planted breach.
 */
@NullMarked
package io.lunbridge.architecture;

import org.jspecify.annotations.NullMarked;
