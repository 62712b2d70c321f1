package io.lunbridge.iscsi.discovery;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.ScsiTask;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.TaskException;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.LunList;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * Asks a target for its logical units (SPC-4 6.33): LUN 0 first, then, where there is none, the well-known unit for the
 * purpose. A list longer than the allocation is asked for again with room enough.
 */
public final class ReportLuns {

    private ReportLuns() {}

    /** Asks; called on the session's event loop. */
    public static void ask(Session session, LunListing listing) {
        new Query(session, listing).submit();
    }

    private static final class Query extends ScsiTask {

        private static final int FIRST_ALLOCATION_BYTES = 4096;
        private static final int MAX_ALLOCATION_BYTES = 1 << 20;
        private static final int MAX_REPETITIONS = 50;
        private static final int REPEAT_MILLIS = 100;

        private final Session session;
        private final LunListing listing;
        private Lun asked = Lun.ofNumber(0);
        private int allocationBytes = FIRST_ALLOCATION_BYTES;
        private int repetitions;

        Query(Session session, LunListing listing) {
            this.session = session;
            this.listing = listing;
        }

        private void submit() {
            cdb().reportLuns(allocationBytes);
            query(asked, allocationBytes);
            session.submit(this);
        }

        @Override
        protected void succeeded(ByteBuf data) {
            LunList list = LunList.decode(data);
            data.release();
            if (list.neededBytes() > allocationBytes && allocationBytes < MAX_ALLOCATION_BYTES) {
                allocationBytes = (int) Math.min(list.neededBytes(), MAX_ALLOCATION_BYTES);
                submit();
            } else {
                listing.listed(list.luns());
            }
        }

        @Override
        protected void refused(int status, SenseData sense) {
            if (passes(status, sense) && repetitions++ < MAX_REPETITIONS) {
                submitLater();
            } else if (asked.number() == 0) {
                asked = Lun.WELL_KNOWN_REPORT_LUNS;
                submit();
            } else {
                String outcome = status == ScsiStatus.CHECK_CONDITION ? sense.toString() : ScsiStatus.name(status);
                listing.refused("the target does not list its LUNs: " + outcome);
            }
        }

        /** Whether the same question may be answered a little later; anything else says something of the unit. */
        private static boolean passes(int status, SenseData sense) {
            return switch (status) {
                case ScsiStatus.BUSY, ScsiStatus.TASK_SET_FULL, ScsiStatus.TASK_ABORTED -> true;
                default ->
                    sense.key() == SenseKey.UNIT_ATTENTION
                            || sense.key() == SenseKey.ABORTED_COMMAND
                            || sense.key() == SenseKey.NOT_READY;
            };
        }

        private void submitLater() {
            var unused = session.eventLoop().schedule(this::submit, REPEAT_MILLIS, TimeUnit.MILLISECONDS);
        }

        @Override
        protected void failed(IscsiException cause) {
            boolean passes = cause instanceof TaskException task && task.kind().passes();
            if (passes && repetitions++ < MAX_REPETITIONS) {
                submitLater();
            } else {
                listing.failed(cause);
            }
        }
    }
}
