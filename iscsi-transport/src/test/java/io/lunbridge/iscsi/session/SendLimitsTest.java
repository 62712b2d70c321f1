package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rule R20: what goes with the command, and what after it without being asked for. */
class SendLimitsTest {

    @Test
    void whereEverythingElseWaitsForAnR2T() {
        SendLimits limits = new SendLimits(true, true, 65536, 8192, 262144);
        expect(limits, 4096, 4096, 0);
        expect(limits, 131072, 8192, 0);
        expect(new SendLimits(true, false, 65536, 8192, 262144), 4096, 0, 0);
    }

    @Test
    void whereABurstMayGoUnasked() {
        SendLimits limits = new SendLimits(false, true, 65536, 8192, 262144);
        expect(limits, 131072, 8192, 57344);
        expect(limits, 12288, 8192, 4096);
        expect(limits, 8192, 8192, 0);
        expect(new SendLimits(false, false, 65536, 8192, 262144), 131072, 0, 65536);
        expect(new SendLimits(false, true, 4096, 8192, 262144), 131072, 4096, 0);
        expect(new SendLimits(false, true, 65536, 262144, 262144), 65536, 65536, 0);
    }

    private static void expect(SendLimits limits, int totalBytes, int immediateBytes, int unsolicitedBytes) {
        assertThat(limits.immediateBytes(totalBytes)).isEqualTo(immediateBytes);
        assertThat(limits.unsolicitedBytes(totalBytes)).isEqualTo(unsolicitedBytes);
    }
}
