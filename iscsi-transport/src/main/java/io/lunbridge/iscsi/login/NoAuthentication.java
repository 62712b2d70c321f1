package io.lunbridge.iscsi.login;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import java.util.List;

/** AuthMethod=None: nobody proves anything. */
final class NoAuthentication implements Authenticator {

    private static final String NONE = "None";

    @Override
    public String methods() {
        return NONE;
    }

    @Override
    public List<KeyValue> receive(List<KeyValue> keys) throws NegotiationException {
        for (KeyValue pair : keys) {
            if (!pair.is(Key.AUTH_METHOD)) {
                throw new NegotiationException(pair.key() + " came without a method of authentication");
            }
            if (pair.value().equals("CHAP")) {
                throw new NegotiationException("the target wants CHAP, and there are no credentials (" + pair + ")");
            }
            if (!pair.value().equals(NONE)) {
                throw new NegotiationException("the target answers " + pair + " to " + NONE);
            }
        }
        return List.of();
    }

    @Override
    public boolean isDone() {
        return true;
    }
}
