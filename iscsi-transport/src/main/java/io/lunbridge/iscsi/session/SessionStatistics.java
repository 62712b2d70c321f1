package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.Opcode;
import io.lunbridge.iscsi.pdu.PduCounts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a session has counted up to a moment: a copy, for any thread.
 *
 * @param counters by name and in the order of open-iscsi's statistics; octets are those of data segments (RFC 7147,
 *     iscsiSsnTxDataOctets and iscsiSsnRxDataOctets)
 * @param extended what we count beyond that
 */
public record SessionStatistics(Map<String, Long> counters, Map<String, Long> extended) {

    /** Of no session at all. */
    public static final SessionStatistics NONE = new SessionStatistics(Map.of(), Map.of());

    /** The sum of both, for sessions that followed one another. */
    public SessionStatistics plus(SessionStatistics later) {
        return new SessionStatistics(sum(counters, later.counters), sum(extended, later.extended));
    }

    private static Map<String, Long> sum(Map<String, Long> earlier, Map<String, Long> later) {
        Map<String, Long> sum = new LinkedHashMap<>(earlier);
        later.forEach((name, count) -> sum.merge(name, count, Long::sum));
        return Collections.unmodifiableMap(sum);
    }

    static SessionStatistics of(PduCounts sent, PduCounts received, SessionCounters own) {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("txdata_octets", sent.dataOctets());
        counters.put("rxdata_octets", received.dataOctets());
        counters.put("noptx_pdus", sent.pdus(Opcode.NOP_OUT));
        counters.put("scsicmd_pdus", sent.pdus(Opcode.SCSI_COMMAND));
        counters.put("tmfcmd_pdus", sent.pdus(Opcode.TASK_MANAGEMENT_REQUEST));
        counters.put("login_pdus", sent.pdus(Opcode.LOGIN_REQUEST));
        counters.put("text_pdus", sent.pdus(Opcode.TEXT_REQUEST));
        counters.put("dataout_pdus", sent.pdus(Opcode.DATA_OUT));
        counters.put("logout_pdus", sent.pdus(Opcode.LOGOUT_REQUEST));
        counters.put("snack_pdus", sent.pdus(Opcode.SNACK_REQUEST));
        counters.put("noprx_pdus", received.pdus(Opcode.NOP_IN));
        counters.put("scsirsp_pdus", received.pdus(Opcode.SCSI_RESPONSE));
        counters.put("tmfrsp_pdus", received.pdus(Opcode.TASK_MANAGEMENT_RESPONSE));
        counters.put("textrsp_pdus", received.pdus(Opcode.TEXT_RESPONSE));
        counters.put("datain_pdus", received.pdus(Opcode.DATA_IN));
        counters.put("logoutrsp_pdus", received.pdus(Opcode.LOGOUT_RESPONSE));
        counters.put("r2t_pdus", received.pdus(Opcode.READY_TO_TRANSFER));
        counters.put("async_pdus", received.pdus(Opcode.ASYNC_MESSAGE));
        counters.put("rjt_pdus", received.pdus(Opcode.REJECT));
        counters.put("digest_err", received.digestErrors());
        counters.put("timeout_err", own.timeouts());
        Map<String, Long> extended = new LinkedHashMap<>();
        extended.put("logins", 1L);
        extended.put("window_stalls", own.windowStalls());
        extended.put("window_stalled_ms", TimeUnit.NANOSECONDS.toMillis(own.windowStalledNanos()));
        return new SessionStatistics(Collections.unmodifiableMap(counters), Collections.unmodifiableMap(extended));
    }
}
