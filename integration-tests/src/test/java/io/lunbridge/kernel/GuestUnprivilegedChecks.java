package io.lunbridge.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.KernelException.Kind;

/** Runs without CAP_SYS_ADMIN. */
final class GuestUnprivilegedChecks {

    private GuestUnprivilegedChecks() {}

    public static void main(String[] arguments) {
        GuestChecks checks = new GuestChecks();
        checks.check("a process without the privilege is told so", () -> {
            KernelException refusal = GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory()));
            assertThat(refusal.kind()).isEqualTo(Kind.NOT_PERMITTED);
            assertThat(refusal).hasMessageContaining("sudo");
        });
        checks.finish();
        System.exit(0);
    }
}
