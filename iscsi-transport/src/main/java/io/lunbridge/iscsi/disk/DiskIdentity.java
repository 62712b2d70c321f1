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
     * Whether both are the same unit: of the same make, and with the same {@link #text}. A new revision is no new unit, for firmware is updated while we look away.
     */
    public boolean isSameUnitAs(DiskIdentity other) {
        boolean sameProduct = inquiry.vendor().equals(other.inquiry.vendor())
                && inquiry.product().equals(other.inquiry.product());
        return sameProduct && text().equals(other.text());
    }

    /**
     * World wide name and serial number, the same for one unit over all sessions and processes, and for two units never
     * where their maker has kept to the standard; empty where the unit has neither. For comparing, and for people to read.
     */
    public String text() {
        String name = worldWideName().map(DiskIdentity::text).orElse("");
        String number = serial.isEmpty() ? "" : "serial " + serial;
        return name + (name.isEmpty() || number.isEmpty() ? "" : ", ") + number;
    }

    private static String text(Designator designator) {
        String prefix = switch (designator.type()) {
            case Designator.NAA -> "naa.";
            case Designator.EUI_64 -> "eui.";
            case Designator.T10_VENDOR_ID -> "t10.";
            default -> ""; // a SCSI name string begins with its kind
        };
        return prefix + designator.value();
    }

    /** The world wide name, in the order of preference that udev has too: NAA, EUI-64, SCSI name, T10 vendor ID. */
    public Optional<Designator> worldWideName() {
        return NAME_TYPES.stream()
                .flatMap(type -> designators.stream().filter(designator -> designator.type() == type))
                .findFirst();
    }
}
