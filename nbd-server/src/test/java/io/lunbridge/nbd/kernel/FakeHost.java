package io.lunbridge.nbd.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's files of a host that does not exist, under a temporary directory. */
record FakeHost(Path root) {

    KernelFiles files() {
        return new KernelFiles(root);
    }

    FakeHost with(String file, String text) {
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** A process that has one file open. */
    FakeHost withOpen(int process, String name, String path) {
        try {
            Path descriptors = root.resolve("proc/" + process + "/fd");
            Files.createDirectories(descriptors);
            Files.createSymbolicLink(descriptors.resolve("3"), Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return with("proc/" + process + "/comm", name);
    }

    /** A device of 1 MiB with one partition. */
    FakeHost withDevice(int index) {
        String directory = "sys/block/nbd" + index + "/";
        return with(directory + "size", "2048")
                .with(directory + "dev", "43:" + 32 * index)
                .with(directory + "ro", "0")
                .with(directory + "nbd" + index + "p1/dev", "43:" + (32 * index + 1));
    }
}
