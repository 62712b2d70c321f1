package io.lunbridge.iscsi.discovery;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.scsi.Lun;
import java.util.List;

/** Told, on the event loop, once, which logical units a target has. */
public interface LunListing {

    /** As the target encodes them, in its order. */
    void listed(List<Lun> luns);

    /** The target did not tell; {@code reason} is a clause for people. */
    void refused(String reason);

    void failed(IscsiException cause);
}
