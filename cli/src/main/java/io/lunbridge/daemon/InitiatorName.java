package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this host calls itself: the name that open-iscsi gave it where there is one, so that access lists at targets
 * hold; else one made of the machine's id, which stays the same too.
 */
public final class InitiatorName {

    private static final Pattern LINE = Pattern.compile("\\s*InitiatorName\\s*=\\s*((?:iqn|eui|naa)\\.\\S+)\\s*");
    private static final String PREFIX = "iqn.2026-11.io.lunbridge:";
    private static final int ID_CHARACTERS = 12;

    private InitiatorName() {}

    static String ofThisHost() {
        return of(Root.ofThisHost());
    }

    /** Whether open-iscsi's file has a name; without one, some targets will not let us in (M-114). */
    public static boolean isGiven(Root root) {
        return lines(root.initiatorName()).stream()
                .anyMatch(line -> LINE.matcher(line).matches());
    }

    static String of(Root root) {
        return of(root.initiatorName(), Path.of("/etc/machine-id"));
    }

    static String of(Path nameFile, Path idFile) {
        for (String line : lines(nameFile)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        for (String id : lines(idFile)) {
            if (id.matches("[0-9a-f]{32}")) {
                return PREFIX + digest(id);
            }
        }
        return PREFIX + "initiator";
    }

    /** A machine's id is not for the network (machine-id(5)); something derived from it is. */
    private static String digest(String id) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((PREFIX + id).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash).substring(0, ID_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
