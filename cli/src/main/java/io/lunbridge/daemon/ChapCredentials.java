package io.lunbridge.daemon;

import org.jspecify.annotations.Nullable;

/**
 * The two sides' credentials.
 *
 * @param own who we are, or null
 * @param target who the target has to be, or null
 */
public record ChapCredentials(
        @Nullable ChapCredential own, @Nullable ChapCredential target) {

    public static final ChapCredentials NONE = new ChapCredentials(null, null);
}
