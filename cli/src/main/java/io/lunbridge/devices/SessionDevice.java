package io.lunbridge.devices;

import org.jspecify.annotations.Nullable;

/**
 * A device as its session shows it.
 *
 * @param lun the number of its LUN
 * @param device as {@code /dev/nbdN}; null before the kernel has named it
 * @param state as in the list of devices: {@code attached}, {@code recovering}, {@code failed}, …
 */
public record SessionDevice(int lun, @Nullable String device, String state) {}
