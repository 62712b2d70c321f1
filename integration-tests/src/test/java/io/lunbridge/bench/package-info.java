/**
 * How fast, and at what cost: JMH benchmarks of the parts, and the bytes that a request allocates. {@link io.lunbridge.bench.BridgeRig} is the whole bridge in one
 * process: an NBD socket, every layer, and a target in memory on a loop of its own. Each benchmark runs in every test run,
 * tiny, so that none rots; the module's README says how to run them in earnest.
 */
@NullMarked
package io.lunbridge.bench;

import org.jspecify.annotations.NullMarked;
