package io.lunbridge.devices;

import io.lunbridge.iscsi.disk.DiskIdentity;
import io.lunbridge.iscsi.disk.DiskInfo;
import io.lunbridge.scsi.Designator;

/** Who a LUN is, in one text: the same for the same unit, whatever firmware it runs. */
final class UnitName {

    private UnitName() {}

    static String of(DiskInfo info) {
        DiskIdentity identity = info.identity();
        String name = identity.worldWideName()
                .map((Designator each) -> each.type() + ":" + each.value())
                .orElse("");
        return String.join("|", identity.inquiry().vendor(), identity.inquiry().product(), identity.serial(), name);
    }
}
