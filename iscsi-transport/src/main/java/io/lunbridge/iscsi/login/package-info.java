/**
 * The initiator's Login Phase (RFC 7143 section 6.3), without I/O.
 *
 * <p>{@link io.lunbridge.iscsi.login.InitiatorLogin} is a state machine that is given Login Responses and fills Login
 * Requests; it ends in a {@link io.lunbridge.iscsi.login.LoginOutcome}. What it logs in as is a {@link
 * io.lunbridge.iscsi.login.LoginParameters}; how it proves who it is, an {@link
 * io.lunbridge.iscsi.login.Authenticator}.
 *
 * <p>Who calls whom: {@code iscsi.session} and {@code iscsi.discovery} own the connection, run a login on it and keep its
 * deadline. A login is used once; a reconnect makes a new one from the same parameters.
 */
@NullMarked
package io.lunbridge.iscsi.login;

import org.jspecify.annotations.NullMarked;
