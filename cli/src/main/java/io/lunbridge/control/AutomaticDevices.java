package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.devices.AttachSpec;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured devices that the daemon attaches by itself. */
final class AutomaticDevices {

    /** Attaches and returns the device's name; blocks. */
    interface Attaching {
        String attach(AttachSpec spec) throws CommandException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AutomaticDevices.class);

    private AutomaticDevices() {}

    /**
     * Begins. Files with mistakes are told to the log and passed over.
     *
     * @param retryMillis pause after an attempt that failed
     */
    static AutomaticStart start(List<DeviceConfiguration> configured, Attaching attaching, long retryMillis) {
        configured.forEach(device -> device.mistakes().forEach(LOG::error));
        return AutomaticStart.begin(
                configured.stream()
                        .filter(DeviceConfiguration::automatic)
                        .map(device -> wish(device.name(), Objects.requireNonNull(device.spec()), attaching))
                        .toList(),
                retryMillis);
    }

    private static AutomaticStart.Wish wish(String name, AttachSpec spec, Attaching attaching) {
        return new AutomaticStart.Wish(name, () -> attaching.attach(spec), AutomaticDevices::isHopeless);
    }

    /** Nothing but another configuration, another kernel or another user could help. */
    private static boolean isHopeless(CommandException e) {
        return switch (e.exitCode()) {
            case USAGE, OUT_OF_RANGE, NOT_A_DISK, NO_KERNEL_NBD, NOT_PERMITTED -> true;
            default -> false;
        };
    }
}
