package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.disk.DiskException.Kind;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.BlockCharacteristics;
import io.lunbridge.scsi.BlockLimits;
import io.lunbridge.scsi.Capacity;
import io.lunbridge.scsi.Cdb;
import io.lunbridge.scsi.Designator;
import io.lunbridge.scsi.Doubt;
import io.lunbridge.scsi.IdentityBytes;
import io.lunbridge.scsi.Inquiry;
import io.lunbridge.scsi.LbaStatus;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ModeParameters;
import io.lunbridge.scsi.Provisioning;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import io.lunbridge.scsi.UnitAttention;
import io.lunbridge.scsi.VpdPage;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks a logical unit what it is, one command after the other: everything for {@link ScsiDisk#open} and after each new
 * login, and what has become doubtful after a unit attention.
 *
 * <pre>
 *  identity                        limits        capacity               mode
 *  INQUIRY ─► TEST UNIT READY ─► VPD 00, 80, 83 ─► B0, B1, B2 ─► READ CAPACITY 16 (10) ─► MODE SENSE 6 (10)
 *          ─► GET LBA STATUS, where blocks may be without storage ─► PRE-FETCH ─► DiskInfo
 * </pre>
 *
 * <p>INQUIRY comes first: it is answered also where no unit is there and while one gets ready. A stopped unit is started,
 * but where only doubts are asked, TEST UNIT READY is left out: an open disk is not to be started by us.
 * Unit attentions are waited out by every command alike, and what they make doubtful that was asked already is asked once
 * more at the end. VPD pages are optional; what a page would have told then is unknown or zero.
 */
final class DiskProbe {

    /** Told, on the event loop, once. */
    interface Outcome {

        void learned(DiskInfo info);

        void failed(DiskException cause);
    }

    /** Most times that everything doubtful is asked: a unit that changes all the time is taken as it was last. */
    private static final int MAX_ROUNDS = 5;

    private final Session session;
    private final Lun lun;
    private final Outcome outcome;
    private final boolean triesOut;
    private final EnumSet<Doubt> doubts;
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();

    private Inquiry inquiry = new Inquiry(0, 0, "", "", "");
    private Set<Integer> pages = Set.of();
    private String serial = "";
    private List<Designator> designators = List.of();
    private IdentityBytes bytes = IdentityBytes.NONE;
    private BlockLimits limits = BlockLimits.NOT_REPORTED;
    private boolean rotates = true;
    private Provisioning provisioning = Provisioning.NONE;
    private Capacity capacity = new Capacity(0, 0, 0, false, false);
    private ModeParameters mode = new ModeParameters(false, false, true);
    private boolean tellsStatus;
    private boolean prefetches;
    private boolean started;
    private int rounds;

    /** Asks everything. */
    DiskProbe(Session session, Lun lun, Outcome outcome) {
        this.session = session;
        this.lun = lun;
        this.outcome = outcome;
        triesOut = true;
        doubts = EnumSet.allOf(Doubt.class);
    }

    /** Asks what is in doubt of the disk, on its present session. */
    DiskProbe(ScsiDisk disk, Set<Doubt> doubts, Outcome outcome) {
        session = disk.session();
        lun = disk.lun();
        this.outcome = outcome;
        triesOut = false;
        this.doubts = EnumSet.copyOf(doubts);
        DiskInfo known = disk.info();
        inquiry = known.identity().inquiry();
        serial = known.identity().serial();
        designators = known.identity().designators();
        bytes = known.identity().bytes();
        limits = known.limits();
        rotates = known.traits().rotates();
        provisioning = known.traits().provisioning();
        capacity = known.capacity();
        mode = known.mode();
        tellsStatus = known.traits().tellsStatus();
        prefetches = known.traits().prefetches();
    }

    /** Begins; the outcome is told how it ends. */
    void start() {
        rounds++;
        step(Doubt.IDENTITY, this::askInquiry);
        if (triesOut && doubts.contains(Doubt.IDENTITY)) {
            steps.add(this::askReady);
        }
        if (doubts.contains(Doubt.IDENTITY) || doubts.contains(Doubt.LIMITS)) {
            steps.add(this::askSupportedPages);
        }
        step(Doubt.IDENTITY, this::askSerial, this::askNames);
        step(Doubt.LIMITS, this::askLimits, this::askCharacteristics, this::askProvisioning);
        step(Doubt.CAPACITY, this::askCapacity16);
        step(Doubt.MODE, this::askMode6);
        if (triesOut && rounds == 1) {
            steps.add(this::askStatus);
            steps.add(this::askPrefetch);
        }
        next();
    }

    /** The steps that settle a doubt; it is settled as soon as the first of them begins. */
    private void step(Doubt doubt, Runnable... asking) {
        if (doubts.contains(doubt)) {
            steps.add(() -> {
                doubts.remove(doubt);
                next();
            });
            steps.addAll(List.of(asking));
        }
    }

    private void next() {
        Runnable step = steps.poll();
        if (step != null) {
            step.run();
        } else if (!doubts.isEmpty() && rounds < MAX_ROUNDS) {
            start();
        } else {
            DiskIdentity identity = new DiskIdentity(inquiry, serial, designators, bytes);
            DiskTraits traits = new DiskTraits(provisioning, rotates, tellsStatus, prefetches);
            outcome.learned(new DiskInfo(identity, capacity, mode, limits, traits));
        }
    }

    private void askInquiry() {
        ProbeQuery query = query(this::learnInquiry, this::fail);
        query.cdb().inquiry(Inquiry.ALLOCATION_BYTES);
        submit(query, Inquiry.ALLOCATION_BYTES);
    }

    private void learnInquiry(ByteBuf data) {
        inquiry = Inquiry.decode(data);
        bytes = bytes.withInquiry(data);
        if (!inquiry.unitPresent()) {
            fail(Kind.NO_SUCH_LUN, "there is no LUN " + lun + " on this target");
        } else if (inquiry.deviceType() != Inquiry.DIRECT_ACCESS) {
            String what = inquiry.vendor() + " " + inquiry.product();
            fail(Kind.NOT_A_DISK, "LUN " + lun + " is not a disk (" + what + ", type " + inquiry.deviceType() + ")");
        } else {
            next();
        }
    }

    private void askReady() {
        ProbeQuery query = query(data -> next(), (status, sense) -> {
            if (!started && sense.is(SenseKey.NOT_READY, AdditionalSense.INITIALIZING_COMMAND_REQUIRED)) {
                startUnit();
            } else {
                fail(status, sense);
            }
        });
        query.cdb().testUnitReady();
        query.noData(lun);
        query.submit();
    }

    /** A unit that somebody has stopped gets ready by this alone; how it went is asked by the next TEST UNIT READY. */
    private void startUnit() {
        started = true;
        ProbeQuery query = query(data -> askReady(), (status, sense) -> askReady());
        query.cdb().startUnit();
        query.noData(lun);
        query.submit();
    }

    private void askSupportedPages() {
        askPage(VpdPage.SUPPORTED_PAGES, page -> pages = VpdPage.supportedPages(page));
    }

    private void askSerial() {
        serial = pages.contains(VpdPage.UNIT_SERIAL_NUMBER) ? serial : "";
        askListedPage(VpdPage.UNIT_SERIAL_NUMBER, page -> {
            serial = VpdPage.unitSerialNumber(page);
            bytes = bytes.withSerialPage(page);
        });
    }

    private void askNames() {
        designators = pages.contains(VpdPage.DEVICE_IDENTIFICATION) ? designators : List.of();
        askListedPage(VpdPage.DEVICE_IDENTIFICATION, page -> {
            designators = Designator.decodePage(page);
            bytes = bytes.withDesignatorPage(page);
        });
    }

    private void askLimits() {
        askListedPage(VpdPage.BLOCK_LIMITS, page -> limits = BlockLimits.decode(page));
    }

    private void askCharacteristics() {
        askListedPage(
                VpdPage.BLOCK_DEVICE_CHARACTERISTICS,
                page -> rotates = BlockCharacteristics.decode(page).rotates());
    }

    private void askProvisioning() {
        askListedPage(VpdPage.LOGICAL_BLOCK_PROVISIONING, page -> provisioning = Provisioning.decode(page));
    }

    private void askListedPage(int pageCode, Consumer<ByteBuf> learn) {
        if (pages.contains(pageCode)) {
            askPage(pageCode, learn);
        } else {
            next();
        }
    }

    private void askPage(int pageCode, Consumer<ByteBuf> learn) {
        Consumer<ByteBuf> answer = page -> {
            if (VpdPage.is(pageCode, page)) {
                learn.accept(page);
            }
            next();
        };
        ProbeQuery query = query(answer, (status, sense) -> next());
        query.cdb().inquiryVpd(pageCode, VpdPage.ALLOCATION_BYTES);
        submit(query, VpdPage.ALLOCATION_BYTES);
    }

    private void askCapacity16() {
        ProbeQuery query = query(data -> learnCapacity(Capacity.decode16(data)), (status, sense) -> {
            if (sense.is(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_OPERATION_CODE)) {
                askCapacity10();
            } else {
                fail(status, sense);
            }
        });
        query.cdb().readCapacity16(Capacity.ALLOCATION_BYTES_16);
        submit(query, Capacity.ALLOCATION_BYTES_16);
    }

    private void askCapacity10() {
        ProbeQuery query = query(data -> learnCapacity(Capacity.decode10(data)), this::fail);
        query.cdb().readCapacity10();
        submit(query, Capacity.ALLOCATION_BYTES_10);
    }

    private void learnCapacity(Capacity answer) {
        capacity = answer;
        if (!DiskGeometry.isServable(answer.blockBytes())) {
            fail(Kind.UNSUPPORTED_FORMAT, "LUN " + lun + " has blocks of " + answer.blockBytes() + " bytes");
        } else if (answer.lastLba() < 0 || answer.lastLba() >= Long.MAX_VALUE / answer.blockBytes()) {
            fail(Kind.UNSUPPORTED_FORMAT, "LUN " + lun + " claims a size beyond 63 bits");
        } else {
            next();
        }
    }

    private void askMode6() {
        askMode(
                cdb -> cdb.modeSense6(ModeParameters.CACHING_PAGE, ModeParameters.ALLOCATION_BYTES),
                ModeParameters::decode6,
                this::askMode10);
    }

    private void askMode10() {
        askMode(
                cdb -> cdb.modeSense10(ModeParameters.CACHING_PAGE, ModeParameters.ALLOCATION_BYTES),
                ModeParameters::decode10,
                this::askAllModePages);
    }

    /** For the header's sake: a unit without a caching page still tells there whether it is write-protected. */
    private void askAllModePages() {
        askMode(
                cdb -> cdb.modeSense6(ModeParameters.ALL_PAGES, ModeParameters.ALLOCATION_BYTES),
                ModeParameters::decode6,
                this::next);
    }

    private void askMode(Consumer<Cdb> encode, Function<ByteBuf, ModeParameters> decode, Runnable otherwise) {
        Consumer<ByteBuf> answer = data -> {
            mode = decode.apply(data);
            next();
        };
        ProbeQuery query = query(answer, (status, sense) -> otherwise.run());
        encode.accept(query.cdb());
        submit(query, ModeParameters.ALLOCATION_BYTES);
    }

    private void askStatus() {
        if (!capacity.managesProvisioning()) {
            next();
            return;
        }
        Consumer<ByteBuf> answer = data -> {
            tellsStatus = !LbaStatus.decode(data).isEmpty();
            next();
        };
        ProbeQuery query = query(answer, (status, sense) -> next());
        query.cdb().getLbaStatus(0, LbaStatus.allocationBytes(1));
        submit(query, LbaStatus.allocationBytes(1));
    }

    private void askPrefetch() {
        Consumer<ByteBuf> answer = data -> {
            prefetches = true;
            next();
        };
        ProbeQuery query = query(answer, (status, sense) -> next());
        query.cdb().preFetch10(0, 1);
        query.noData(lun);
        query.submit();
    }

    private ProbeQuery query(Consumer<ByteBuf> answer, ProbeQuery.Rejection rejection) {
        return new ProbeQuery(session, answer, rejection, new ProbeQuery.Events() {
            @Override
            public void attention(UnitAttention news) {
                doubts.addAll(news.doubts());
            }

            @Override
            public void lost(IscsiException cause) {
                lose(cause);
            }
        });
    }

    private void submit(ProbeQuery query, int allocationBytes) {
        query.query(lun, allocationBytes);
        query.submit();
    }

    private void lose(IscsiException cause) {
        fail(Kind.SESSION_LOST, "LUN " + lun + ": " + cause.getMessage());
    }

    private void fail(int status, SenseData sense) {
        String answer = status == ScsiStatus.CHECK_CONDITION ? sense.toString() : ScsiStatus.name(status);
        if (sense.is(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED)) {
            fail(Kind.NO_SUCH_LUN, "there is no LUN " + lun + " on this target");
        } else if (sense.key() == SenseKey.NOT_READY || sense.key() == SenseKey.UNIT_ATTENTION) {
            fail(Kind.NOT_READY, "LUN " + lun + " is not ready: " + answer);
        } else {
            fail(Kind.REFUSED, "LUN " + lun + " refuses to be opened: " + answer);
        }
    }

    private void fail(Kind kind, String message) {
        outcome.failed(new DiskException(kind, message));
    }
}
