package io.lunbridge.kernel;

import io.lunbridge.interop.NeedsTools;
import io.lunbridge.records.Row;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Sessions by Debian's iscsiadm, with the kernel's initiator, and by ours: what both print, their exit codes, and the files of
 * the database after each call. Then each logs in by the other's records.
 */
@NeedsTools({"tgtd", "iscsid", "iscsiadm"})
class IscsiadmSessionsTest {

    @TestFactory
    @Row({
        "S-20", "S-21", "S-25", "S-27", "S-29", "S-30", "S-32", "S-34", "S-35", "S-36", "S-37", "S-38", "S-39", "S-40",
        "S-41", "S-45", "S-46", "S-54", "S-65", "S-70", "S-80", "S-81", "S-84", "S-85", "S-86", "S-87", "S-88", "M-10",
        "M-11", "M-13", "M-14", "M-15", "M-16", "M-17", "M-20", "M-22", "M-30", "M-31", "M-32", "M-35", "M-36", "M-37",
        "M-38", "M-39", "M-40", "M-41", "M-42", "M-43", "M-44", "M-45", "M-46", "M-47", "M-49", "M-53", "M-54", "M-57",
        "M-61", "M-72", "M-73", "M-74", "M-75", "M-76", "M-78", "M-81", "M-82", "R-14", "CR-2", "CR-3", "CR-4", "CR-6",
        "CR-11", "CR-12", "CR-13", "CR-14", "CR-15", "CR-17", "CR-28", "CR-37"
    })
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.ISCSIADM.checks();
    }
}
