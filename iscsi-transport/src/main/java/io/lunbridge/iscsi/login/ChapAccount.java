package io.lunbridge.iscsi.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A CHAP name and the secret that proves it. The secret does not come out again, in no message and no log line. */
public final class ChapAccount {

    /** Most bytes of a name: a text-value of no stated length (RFC 7143 section 6.1). */
    static final int MAX_NAME_BYTES = 255;

    private static final int MAX_SECRET_BYTES = 255;

    /** 96 bits, below which CHAP shall not be used without IPsec (section 9.2.1). */
    private static final int MIN_STRONG_BYTES = 12;

    private final String name;
    private final byte[] secret;

    /**
     * An account.
     *
     * @param name 1 to 255 bytes of UTF-8
     * @param secret 1 to 255 bytes; copied
     * @throws IllegalArgumentException with a sentence for the user, which does not hold the secret
     */
    public ChapAccount(String name, byte[] secret) {
        int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes == 0 || nameBytes > MAX_NAME_BYTES || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a CHAP user name has 1 to " + MAX_NAME_BYTES + " bytes");
        }
        if (secret.length == 0 || secret.length > MAX_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the CHAP secret of '" + name + "' must have 1 to " + MAX_SECRET_BYTES + " bytes");
        }
        this.name = name;
        this.secret = secret.clone();
    }

    public String name() {
        return name;
    }

    /** Whether who listens on the wire can find the secret by trying. */
    boolean isWeak() {
        return secret.length < MIN_STRONG_BYTES;
    }

    boolean hasSecretOf(ChapAccount other) {
        return MessageDigest.isEqual(secret, other.secret);
    }

    /** What proves the secret (RFC 1994 section 4.1): the hash of identifier, secret and challenge. */
    byte[] response(ChapAlgorithm algorithm, int identifier, byte[] challenge) {
        MessageDigest digest = algorithm.newDigest();
        digest.update((byte) identifier);
        digest.update(secret);
        digest.update(challenge);
        return digest.digest();
    }

    @Override
    public String toString() {
        return "CHAP user " + name;
    }
}
