/**
 * A small NBD client: one request at a time, blocking, for {@code lunbridge demo} where no other client is installed,
 * and for tests.
 *
 * <p>It knows nothing of the server's packages but the protocol's numbers and layouts, and runs on the JDK's channels,
 * so a caller needs no event loop and must not be on one.
 */
@NullMarked
package io.lunbridge.nbd.client;

import org.jspecify.annotations.NullMarked;
