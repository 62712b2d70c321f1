package io.lunbridge.interop;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockDeviceContract;
import io.lunbridge.block.TestLoop;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.Lun;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** The device contract, kept by a LUN of tgt: a plain one, a thin one and a write-protected one. */
@NeedsTools("tgtd")
class ScsiDiskTgtContractTest {

    private static final long SIZE_BYTES = (1 << 20) + (64 << 10);

    private static TgtTarget target;

    @BeforeAll
    static void start() {
        target = TgtTarget.start();
    }

    @AfterAll
    static void close() {
        target.close();
    }

    @Nested
    class FileLun extends OnTgt {
        @Override
        int addLun() {
            return target.addFileLun(SIZE_BYTES);
        }
    }

    @Nested
    class ThinLun extends OnTgt {
        @Override
        int addLun() {
            return target.addThinLun(SIZE_BYTES);
        }
    }

    @Nested
    class ReadOnlyLun extends OnTgt {
        @Override
        int addLun() {
            return target.addReadOnlyLun(SIZE_BYTES);
        }
    }

    /** One LUN for all tests of a class, a session for each test. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class OnTgt extends BlockDeviceContract {

        private int lun;
        private @Nullable Session session;

        abstract int addLun();

        @BeforeAll
        void add() {
            lun = addLun();
        }

        @Override
        protected TestLoop newLoop() {
            return TestLoop.nio();
        }

        @Override
        protected BlockDevice open(TestLoop loop) {
            Session opened = ScsiDiskOnTgt.openSession(loop.loop(), ScsiDiskOnTgt.config(target));
            session = opened;
            return ScsiDiskOnTgt.openDisk(opened, Lun.ofNumber(lun));
        }

        @Override
        protected void shutDown() {
            if (session != null) {
                ScsiDiskOnTgt.close(session);
            }
        }
    }
}
