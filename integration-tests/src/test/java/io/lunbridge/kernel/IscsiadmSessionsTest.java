package io.lunbridge.kernel;

import io.lunbridge.interop.NeedsTools;
import io.lunbridge.records.Row;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sessions by Debian's iscsiadm, with the kernel's initiator, and by ours: what both print, and their exit codes. */
@NeedsTools({"tgtd", "iscsid", "iscsiadm"})
class IscsiadmSessionsTest {

    @TestFactory
    @Row({
        "S-21", "S-30", "S-35", "S-39", "S-40", "S-41", "M-14", "M-15", "M-22", "M-37", "M-38", "M-40", "M-41", "M-42",
        "M-43", "M-44", "M-45", "M-46", "M-47", "M-72", "M-73", "M-74", "M-75", "M-76", "M-81", "CR-4", "CR-6", "CR-11",
        "CR-13", "CR-14", "CR-15"
    })
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.ISCSIADM.checks();
    }
}
