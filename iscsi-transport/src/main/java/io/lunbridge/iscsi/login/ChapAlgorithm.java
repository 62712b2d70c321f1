package io.lunbridge.iscsi.login;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Hash functions of CHAP by the numbers that IANA assigned (registry "PPP Authentication Algorithms"). */
public enum ChapAlgorithm {
    SHA3_256(8, "SHA3-256"),
    SHA_256(7, "SHA-256"),
    SHA_1(6, "SHA-1"),
    /** What every target has (RFC 7143 section 12.1.3). */
    MD5(5, "MD5");

    private final int number;
    private final String hash;

    ChapAlgorithm(int number, String hash) {
        this.number = number;
        this.hash = hash;
    }

    /** The value of CHAP_A. */
    int number() {
        return number;
    }

    /** Everything that this Java can compute, the strongest first; a hardened one may lack the last. */
    public static List<ChapAlgorithm> strongestFirst() {
        return Arrays.stream(values()).filter(ChapAlgorithm::isAvailable).toList();
    }

    /** By its name, in any case and with or without hyphens: {@code sha256}, {@code SHA-256}. */
    public static ChapAlgorithm named(String text) {
        String wanted = plain(text);
        Predicate<ChapAlgorithm> isNamed = algorithm -> plain(algorithm.hash).equals(wanted);
        return Arrays.stream(values())
                .filter(isNamed)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text
                        + "' is no CHAP algorithm; there are SHA3-256, SHA-256, SHA1, MD5, and some can be listed with"
                        + " commas, the preferred first"));
    }

    private static String plain(String name) {
        return name.replace("-", "").toUpperCase(Locale.ROOT);
    }

    private boolean isAvailable() {
        try {
            return MessageDigest.getInstance(hash).getDigestLength() > 0;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }

    MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + hash, e);
        }
    }

    @Override
    public String toString() {
        return hash;
    }
}
