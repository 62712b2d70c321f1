package io.lunbridge.iscsi.login;

import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.pdu.LoginStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One login's authentication: the content of its security stage (RFC 7143 section 12). Used once. */
public interface Authenticator {

    /** Makes an authenticator for one login. */
    interface Factory {
        Authenticator newAuthenticator();
    }

    /** The AuthMethod list to propose, the preferred first. */
    String methods();

    /**
     * Takes the security keys of one response, AuthMethod among them when the target has chosen.
     *
     * @return the keys to send next; empty if there is nothing to say
     * @throws NegotiationException if the target fails to prove itself or breaks the rules; the login fails
     */
    List<KeyValue> receive(List<KeyValue> keys) throws NegotiationException;

    /** Whether we have said all: the next request may ask to leave the stage. */
    default boolean isContent() {
        return isDone();
    }

    /** Whether the target has proved what it must: the stage may be left. */
    boolean isDone();

    /** After {@link #receive} has thrown: how to try again, as the target may take less; null if there is no way. */
    default @Nullable Factory secondTry() {
        return null;
    }

    /** The same after the target has refused the login in the security stage. */
    default @Nullable Factory secondTry(LoginStatus refusal) {
        return null;
    }
}
