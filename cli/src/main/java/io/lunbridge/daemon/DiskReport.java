package io.lunbridge.daemon;

import io.lunbridge.iscsi.disk.DiskIdentity;
import io.lunbridge.iscsi.disk.DiskInfo;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.BlockLimits;
import io.lunbridge.scsi.Designator;
import io.lunbridge.scsi.Provisioning;
import org.jspecify.annotations.Nullable;

/** What {@code lunbridge info} tells. Numbers that a unit does not report are left out. */
final class DiskReport {

    private DiskReport() {}

    static Report of(ScsiDisk disk) {
        Report report = new Report();
        addSession(report, disk.session());
        report.put("lun", disk.lun().toString());
        addIdentity(report, disk.info().identity());
        addShape(report, disk.info());
        addLimits(report, disk.info());
        return report;
    }

    private static void addSession(Report report, Session session) {
        NegotiatedKeys keys = session.fullFeature().keys();
        LoginIdentity identity = session.config().login().identity();
        report.put("target", identity.targetName())
                .put("portal", Sessions.portal(session.config()).toString())
                .put("initiator", identity.initiatorName())
                .put("isid", String.format("%012x", identity.isid()))
                .put("tsih", session.fullFeature().tsih())
                .put("headerDigest", keys.digests().header() ? "CRC32C" : "None")
                .put("dataDigest", keys.digests().data() ? "CRC32C" : "None")
                .put("maxRecvDataSegmentLength", keys.lengths().maxRecvBytes())
                .put("maxSendDataSegmentLength", keys.lengths().maxSendBytes())
                .put("maxBurstLength", keys.lengths().maxBurstBytes())
                .put("firstBurstLength", keys.lengths().firstBurstBytes())
                .put("initialR2T", keys.flow().initialR2t())
                .put("immediateData", keys.flow().immediateData())
                .put("maxOutstandingR2T", keys.flow().maxOutstandingR2t())
                .put("maxConnections", keys.recovery().maxConnections())
                .put("errorRecoveryLevel", keys.recovery().level());
    }

    private static void addIdentity(Report report, DiskIdentity identity) {
        report.put("vendor", identity.inquiry().vendor())
                .put("product", identity.inquiry().product())
                .put("revision", identity.inquiry().revision())
                .put("serial", emptyToNull(identity.serial()))
                .put("wwn", identity.worldWideName().map(Designator::value).orElse(null));
    }

    private static void addShape(Report report, DiskInfo info) {
        report.put("sizeBytes", info.sizeBytes())
                .put("blockBytes", info.blockBytes())
                .put("physicalBlockBytes", info.physicalBlockBytes())
                .put("writeProtected", info.mode().writeProtected())
                .put("writeCache", info.mode().writeCache())
                .put("forceUnitAccess", info.mode().forceUnitAccess())
                .put("rotates", info.traits().rotates());
    }

    private static void addLimits(Report report, DiskInfo info) {
        BlockLimits limits = info.limits();
        Provisioning provisioning = info.traits().provisioning();
        report.put("maxTransferBlocks", zeroToNull(limits.transfer().maxBlocks()))
                .put("optimalTransferBlocks", zeroToNull(limits.transfer().optimalBlocks()))
                .put("thin", provisioning.thin())
                .put("unmap", provisioning.unmap())
                .put("writeSameUnmap", provisioning.writeSame16() || provisioning.writeSame10())
                .put("unmappedReadsZeroes", provisioning.readsZeroes())
                .put("maxUnmapBlocks", zeroToNull(limits.unmap().maxBlocks()))
                .put("maxUnmapDescriptors", zeroToNull(limits.unmap().maxDescriptors()))
                .put("unmapGranularityBlocks", zeroToNull(limits.unmap().granularityBlocks()))
                .put("unmapAlignmentBlocks", zeroToNull(limits.unmap().alignmentBlocks()))
                .put("maxWriteSameBlocks", zeroToNull(limits.maxWriteSameBlocks()))
                .put("tellsAllocation", info.traits().tellsStatus());
    }

    private static @Nullable Long zeroToNull(long number) {
        return number == 0 ? null : (Long) number;
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
