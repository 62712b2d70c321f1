package io.lunbridge.devices;

import io.lunbridge.names.DeviceLinks;
import java.util.function.Consumer;

/**
 * What every device needs.
 *
 * @param files where its state is kept
 * @param kernel where it comes from
 * @param links its names under /dev/disk
 * @param targets where its LUN is
 * @param reached told each step, before the next one
 */
record Means(StateFiles files, KernelSide kernel, DeviceLinks links, Targets targets, Consumer<Step> reached) {}
