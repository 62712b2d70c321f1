/**
 * The daemon's outside: the socket by which commands reach it, its talk with the service manager, and the devices that it
 * attaches by itself.
 *
 * <p>A command connects to {@code /run/lunbridge/control}, sends one line and reads lines until the answer; a line is a
 * JSON object ({@link io.lunbridge.control.ControlMessage}). {@link io.lunbridge.control.ControlServer} deals with clients
 * of any kind, and hands well-formed requests to a {@link io.lunbridge.control.ControlHandler}; the daemon's is {@code
 * DeviceVerbs}, which calls {@code io.lunbridge.devices}. Everything here blocks and has threads of its own; nothing runs
 * on an event loop.
 *
 * <p>Who calls whom: {@code io.lunbridge.commands} starts {@code DaemonService} in one process and
 * {@link io.lunbridge.control.ControlClient} in others.
 */
@NullMarked
package io.lunbridge.control;

import org.jspecify.annotations.NullMarked;
