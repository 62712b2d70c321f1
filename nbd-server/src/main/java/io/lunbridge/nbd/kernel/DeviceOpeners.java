package io.lunbridge.nbd.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes that have a device's node open, as far as we may see them. The kernel refuses nobody on their account:
 * a virtual machine that runs on a raw device is seen only so.
 */
final class DeviceOpeners {

    private static final String NODES = "/dev/";

    private DeviceOpeners() {}

    /** Each as "NUMBER (NAME)". */
    static List<String> find(KernelFiles files, NbdDevice device) {
        String ourselves = Long.toString(ProcessHandle.current().pid());
        String holderThread = String.valueOf(KernelFiles.read(files.sys(device, "pid")));
        List<String> openers = new ArrayList<>();
        for (String process : KernelFiles.names(files.proc(""))) {
            boolean other = process.matches("[0-9]+")
                    && !process.equals(ourselves)
                    && !Files.exists(files.proc(process + "/task/" + holderThread));
            if (other && hasOpen(files.proc(process + "/fd"), device)) {
                openers.add(process + " (" + KernelFiles.read(files.proc(process + "/comm")) + ")");
            }
        }
        return openers;
    }

    private static boolean hasOpen(Path descriptors, NbdDevice device) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptors)) {
            for (Path entry : entries) {
                if (isNodeOf(entry, device)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // The process has ended, or is not ours to look into.
            return false;
        }
        return false;
    }

    private static boolean isNodeOf(Path descriptor, NbdDevice device) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(NODES) && device.owns(target.substring(NODES.length()));
        } catch (IOException e) {
            return false;
        }
    }
}
