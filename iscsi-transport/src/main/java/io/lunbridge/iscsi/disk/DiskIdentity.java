package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.Designator;
import io.lunbridge.scsi.IdentityBytes;
import io.lunbridge.scsi.Inquiry;
import java.util.List;
import java.util.Optional;

/**
 * Who a unit is: compared after each new login, before anything is written.
 *
 * @param inquiry vendor, product, revision
 * @param serial unit serial number; empty where the unit has none
 * @param designators of page 83h, ports' and targets' left out
 * @param bytes the answers that all of it was read from; not compared
 */
public record DiskIdentity(Inquiry inquiry, String serial, List<Designator> designators, IdentityBytes bytes) {

    private static final List<Integer> NAME_TYPES =
            List.of(Designator.NAA, Designator.EUI_64, Designator.SCSI_NAME, Designator.T10_VENDOR_ID);

    public DiskIdentity {
        designators = designators.stream()
                .filter(designator -> designator.association() == Designator.OF_LOGICAL_UNIT)
                .toList();
    }

    /**
     * Whether both are the same unit: the world wide names decide, else the serial numbers, and where a unit has neither,
     * vendor and product must do. A new revision is no new unit, for firmware is updated while we look away.
     */
    boolean isSameUnitAs(DiskIdentity other) {
        boolean sameProduct = inquiry.vendor().equals(other.inquiry.vendor())
                && inquiry.product().equals(other.inquiry.product());
        return sameProduct && serial.equals(other.serial) && worldWideName().equals(other.worldWideName());
    }

    /** The world wide name, in the order of preference that udev has too: NAA, EUI-64, SCSI name, T10 vendor ID. */
    public Optional<Designator> worldWideName() {
        return NAME_TYPES.stream()
                .flatMap(type -> designators.stream().filter(designator -> designator.type() == type))
                .findFirst();
    }
}
