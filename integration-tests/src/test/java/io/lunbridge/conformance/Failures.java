package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.catchException;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import java.util.concurrent.CompletableFuture;

/** Requests that have to fail, in time and with the one exception that says why. */
public final class Failures {

    private Failures() {}

    /** Waits for the failure and returns the error that it reports. */
    public static BlockError assertFails(CompletableFuture<byte[]> request) {
        Exception thrown = catchException(() -> Initiator.await(request));
        if (thrown instanceof BlockException failure) {
            return failure.error();
        }
        throw new AssertionError(thrown == null ? "succeeded" : "not a BlockException: " + thrown, thrown);
    }
}
