package io.lunbridge.scsi;

/** The additional sense codes that something is done about: {@code ASC << 8 | ASCQ} (SPC-4 annex F). */
public final class AdditionalSense {

    public static final int BECOMING_READY = 0x0401;
    public static final int MANUAL_INTERVENTION_REQUIRED = 0x0403;
    public static final int ASYMMETRIC_ACCESS_TRANSITION = 0x040a;
    public static final int INVALID_OPERATION_CODE = 0x2000;
    public static final int LBA_OUT_OF_RANGE = 0x2100;
    public static final int INVALID_FIELD_IN_CDB = 0x2400;
    public static final int LOGICAL_UNIT_NOT_SUPPORTED = 0x2500;
    public static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x2600;
    public static final int WRITE_PROTECTED = 0x2700;
    public static final int SPACE_ALLOCATION_FAILED = 0x2707;

    private AdditionalSense() {}
}
