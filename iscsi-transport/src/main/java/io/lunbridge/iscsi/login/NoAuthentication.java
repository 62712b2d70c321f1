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
            if (!pair.is(Key.AUTH_METHOD) || !pair.value().equals(NONE)) {
                throw new NegotiationException("the target asks for authentication: " + pair);
            }
        }
        return List.of();
    }

    @Override
    public boolean isDone() {
        return true;
    }
}
