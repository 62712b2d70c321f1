package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.ChapAccount;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A CHAP name and its secret on their way from the user to the account that uses them, maybe in another process. Messages
 * never hold the secret.
 */
public final class ChapCredential {

    private final String name;
    private final byte[] secret;
    private final ChapAccount account;

    private ChapCredential(String name, byte[] secret) {
        this.name = name;
        this.secret = secret.clone();
        account = new ChapAccount(name, secret);
    }

    /** A secret of UTF-8 text. */
    public static ChapCredential ofText(String name, String secret) {
        return new ChapCredential(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A secret of any bytes.
     *
     * @param secretHex two digits a byte
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static ChapCredential ofHex(String name, String secretHex) {
        byte[] secret;
        try {
            secret = HexFormat.of().parseHex(secretHex);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("password-hex is not an even number of hex digits");
        }
        return new ChapCredential(name, secret);
    }

    public String name() {
        return name;
    }

    /** For files and sockets that only their owner may read. */
    public String secretHex() {
        return HexFormat.of().formatHex(secret);
    }

    ChapAccount account() {
        return account;
    }

    @Override
    public String toString() {
        return account.toString();
    }
}
