/**
 * The command line: a picocli class per command, turning text into a call of {@code io.lunbridge.daemon} and its outcome
 * into text and an exit code.
 *
 * <p>{@link io.lunbridge.commands.Main} is where the process begins. Command classes name no class of Netty or of the
 * protocol modules in fields or signatures, so that {@code lunbridge --version} loads none of them. Results go to
 * standard output, everything else to standard error; a failure is one line there.
 */
@NullMarked
package io.lunbridge.commands;

import org.jspecify.annotations.NullMarked;
