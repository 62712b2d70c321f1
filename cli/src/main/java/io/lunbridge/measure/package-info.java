/**
 * How fast a LUN is, and how its latencies are spread: workloads on a device of ours, with no NBD and no other program
 * between. {@link io.lunbridge.measure.LunMeasurement} is driven by the thread of {@code lunbridge bench}; the requests
 * live on the device's event loop.
 */
@NullMarked
package io.lunbridge.measure;

import org.jspecify.annotations.NullMarked;
