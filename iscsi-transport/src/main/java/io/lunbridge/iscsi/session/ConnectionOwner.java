package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.PduException;
import io.netty.buffer.ByteBuf;

/** Whose connection it is: a session's opening, then the session. Called on the event loop. */
interface ConnectionOwner {

    /** TCP is up. */
    void connected();

    /** The target's next word in the login phase; {@code data} is borrowed. */
    void loginResponse(LoginResponse header, ByteBuf data) throws PduException;

    /** The PDUs that one read brought have been handled. */
    void readDone();

    /** The connection is gone and nothing of it can reach the target any more. Told once. */
    void lost(IscsiException cause);
}
