/**
 * The I_T nexus that outlives its sessions: when one is lost, the next is logged in from the same configuration.
 *
 * <p>{@link io.lunbridge.iscsi.recovery.Nexus} owns the session, its replacement and the timers in between; its {@link
 * io.lunbridge.iscsi.recovery.NexusMember}s are the disks, which hold their requests meanwhile and check each new session
 * before they send anything on it. {@code Membership} keeps one member's replacement timer, {@code Backoff} says when to
 * try next.
 *
 * <p>Nothing here sends a command: a disk submits to the {@link io.lunbridge.iscsi.session.Session} itself.
 */
@NullMarked
package io.lunbridge.iscsi.recovery;

import org.jspecify.annotations.NullMarked;
