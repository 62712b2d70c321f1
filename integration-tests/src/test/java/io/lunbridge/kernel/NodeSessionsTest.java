package io.lunbridge.kernel;

import io.lunbridge.records.Row;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** iscsid's sessions with a real target and a real kernel. */
@Row({
    "CR-4", "CR-14", "CR-20", "CR-25", "CR-26", "CR-27", "CR-29", "M-113", "M-127", "M-128", "M-149", "R-34", "R-42",
    "R-61", "S-13", "U-3", "U-8", "U-12", "U-16", "U-20"
})
class NodeSessionsTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.NODE_SESSIONS.checks();
    }
}
