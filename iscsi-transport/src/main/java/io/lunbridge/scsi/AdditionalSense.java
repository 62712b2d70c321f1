package io.lunbridge.scsi;

/** The additional sense codes that something is done about: {@code ASC << 8 | ASCQ} (SPC-4 annex F). */
public final class AdditionalSense {

    /** Nothing further is told. Also what a unit's sense data that ends before the code is read as. */
    public static final int NONE = 0;

    public static final int BECOMING_READY = 0x0401;
    public static final int INITIALIZING_COMMAND_REQUIRED = 0x0402;
    public static final int MANUAL_INTERVENTION_REQUIRED = 0x0403;
    public static final int FORMAT_IN_PROGRESS = 0x0404;
    public static final int SELF_TEST_IN_PROGRESS = 0x0409;
    public static final int ASYMMETRIC_ACCESS_TRANSITION = 0x040a;
    public static final int TARGET_PORT_STANDBY = 0x040b;
    public static final int TARGET_PORT_UNAVAILABLE = 0x040c;
    public static final int NOTIFY_REQUIRED = 0x0411;
    public static final int SPACE_ALLOCATION_IN_PROGRESS = 0x0414;
    public static final int START_STOP_IN_PROGRESS = 0x041a;
    public static final int SANITIZE_IN_PROGRESS = 0x041b;
    public static final int CONFIGURATION_IN_PROGRESS = 0x041d;
    public static final int UNRECOVERED_READ = 0x1100;
    public static final int ADDRESS_MARK_NOT_FOUND = 0x1300;
    public static final int RECORD_NOT_FOUND = 0x1400;
    public static final int INVALID_OPERATION_CODE = 0x2000;
    public static final int LBA_OUT_OF_RANGE = 0x2100;
    public static final int INVALID_FIELD_IN_CDB = 0x2400;
    public static final int LOGICAL_UNIT_NOT_SUPPORTED = 0x2500;
    public static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x2600;
    public static final int WRITE_PROTECTED = 0x2700;
    public static final int CONDITIONAL_WRITE_PROTECT = 0x2706;
    public static final int SPACE_ALLOCATION_FAILED = 0x2707;
    public static final int THIN_PROVISIONING_SOFT_THRESHOLD = 0x3807;
    public static final int REPORTED_LUNS_CHANGED = 0x3f0e;

    /** What the lowest byte of a code can hold. */
    static final int ANY_QUALIFIER = 0xff;

    private AdditionalSense() {}
}
