/**
 * The sessions of node records, as open-iscsi's daemon has them: each has a number (sid), is one of an interface, a target
 * and a portal, and all LUNs of the target are its devices.
 *
 * <p>{@link io.lunbridge.sessions.NodeSessions} is the door: login, logout, rescan, list. A session's file in {@code
 * /run/lunbridge/sessions} tells the next process to go on with it under the same sid; its devices have their own.
 *
 * <p>Who calls whom: {@code io.lunbridge.control} calls this package; this package holds sessions and devices by {@code
 * io.lunbridge.devices}. All of it is done by threads that may block.
 */
@NullMarked
package io.lunbridge.sessions;

import org.jspecify.annotations.NullMarked;
