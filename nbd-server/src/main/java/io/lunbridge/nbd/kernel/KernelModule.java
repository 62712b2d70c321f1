package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.KernelException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Sees to it that the kernel has its nbd driver. */
final class KernelModule {

    /**
     * No devices at first: each is made when it is connected, so udev has none to open, which would make it busy.
     */
    private static final String NO_DEVICES = "nbds_max=0";

    /** The ioctl interface cannot make devices. */
    private static final String SOME_DEVICES = "nbds_max=16";

    private final KernelFiles files;

    KernelModule(KernelFiles files) {
        this.files = files;
    }

    boolean isLoaded() {
        return Files.isDirectory(files.of("sys/module/nbd")) || !files.devices().isEmpty();
    }

    /** Loads the module; with devices for the ioctl interface, without for netlink. */
    void load(boolean forIoctl) throws KernelException, InterruptedException {
        List<String> command = List.of(modprobe(), "nbd", forIoctl ? SOME_DEVICES : NO_DEVICES);
        String complaint;
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            complaint = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            complaint = "modprobe is missing (package kmod)";
        }
        throw Kind.NO_DRIVER.because(
                "this kernel has no nbd driver and it could not be loaded ("
                        + complaint.replaceAll("\\s*\\n\\s*", "; ")
                        + "); install the kernel's nbd module (on Ubuntu in linux-modules-extra), or serve the disk on a socket");
    }

    private String modprobe() {
        return Stream.of("sbin/modprobe", "usr/sbin/modprobe")
                .map(files::of)
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("modprobe");
    }
}
