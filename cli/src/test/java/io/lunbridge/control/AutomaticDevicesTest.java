package io.lunbridge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.devices.AttachSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which configured devices the daemon attaches, how often it tries, and how long it waits. */
@Timeout(30)
final class AutomaticDevicesTest {

    private static DeviceConfiguration device(int lun, boolean automatic) throws Exception {
        AttachSpec spec = AttachSpec.fromMap(Map.of("url", "iscsi://192.0.2.1/iqn.2026-01.org.example:disk/" + lun));
        return new DeviceConfiguration("lun" + lun, automatic, spec, List.of());
    }

    private static int lun(AttachSpec spec) {
        return spec.disk().url().lun();
    }

    @Test
    void automaticOnesAreAttachedSideBySide() throws Exception {
        CyclicBarrier all = new CyclicBarrier(3);
        AtomicInteger sum = new AtomicInteger();
        List<DeviceConfiguration> configured = List.of(
                device(1, true),
                device(2, true),
                device(4, false),
                device(8, true),
                new DeviceConfiguration("wrong", false, null, List.of("wrong.conf:1: not so")));
        try (AutomaticStart devices = AutomaticDevices.start(
                configured,
                spec -> {
                    sum.addAndGet(lun(spec));
                    meet(all);
                    return "/dev/nbd" + lun(spec);
                },
                1)) {
            assertThat(devices.await(20_000)).isZero();
        }
        assertThat(sum).hasValue(11);
    }

    private static void meet(CyclicBarrier all) throws InterruptedException {
        try {
            all.await();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatMayGetBetterIsTriedUntilItIsThere() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (AutomaticStart devices = AutomaticDevices.start(
                List.of(device(1, true)),
                spec -> {
                    if (attempts.incrementAndGet() < 5) {
                        throw new CommandException(ExitCode.UNREACHABLE, "nobody answers; start the target");
                    }
                    return "/dev/nbd1";
                },
                1)) {
            assertThat(devices.await(20_000)).isZero();
        }
        assertThat(attempts).hasValue(5);
    }

    @Test
    void whatCannotGetBetterIsTriedOnce() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (AutomaticStart devices = AutomaticDevices.start(
                List.of(device(1, true)),
                spec -> {
                    attempts.incrementAndGet();
                    throw new CommandException(ExitCode.OUT_OF_RANGE, "it does not fit; choose a smaller range");
                },
                1)) {
            assertThat(devices.await(20_000)).isZero();
        }
        assertThat(attempts).hasValue(1);
    }

    @Test
    void oneThatHangsIsNotWaitedForAndEndsWithTheDaemon() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (AutomaticStart devices = AutomaticDevices.start(
                List.of(device(1, true), device(2, true)),
                spec -> {
                    if (lun(spec) == 2) {
                        return "/dev/nbd2";
                    }
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return "";
                },
                1)) {
            assertThat(devices.await(100)).isEqualTo(1);
        }
        assertThat(interrupted.getCount()).isZero();
    }
}
