package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** istgt, an old target in the style of BSD: long bursts, several R2Ts at once, digests, mutual CHAP. */
@NeedsTools({"istgt", "fio"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("lun")
class IstgtTest {

    private IstgtTarget target;

    @BeforeAll
    void start() {
        target = new IstgtTarget();
    }

    @AfterAll
    void stop() {
        target.close();
    }

    @Test
    void servesAVerifiedDisk() throws Exception {
        VerifiedIo.on(new ServedLun(target.url(IstgtTarget.OPEN)), target.file(IstgtTarget.OPEN));

        assertThat(target.output()).contains("Login from", "HeaderDigest=off, DataDigest=off", "Logout from");
    }

    @Test
    void wantsMutualChapAndDigests() throws Exception {
        ServedLun served = new ServedLun(
                IstgtTarget.credentials(),
                target.url(IstgtTarget.CHAP),
                "--header-digest",
                "CRC32C",
                "--data-digest",
                "CRC32C");
        VerifiedIo.on(served, target.file(IstgtTarget.CHAP));

        assertThat(target.output()).contains("HeaderDigest=on, DataDigest=on");
    }
}
