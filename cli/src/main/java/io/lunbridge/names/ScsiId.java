package io.lunbridge.names;

import io.lunbridge.scsi.IdentityBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The properties that udev's {@code scsi_id --export} tells of a unit (systemd 252).
 *
 * <p>The serial is, of page 83h, the first designator of the unit in this order: NAA with vendor extension, NAA of a
 * registered company, any NAA, EUI-64, T10 vendor ID, vendor specific; each in binary before in ASCII, and by the order
 * of the page where there are several. Its type's digit stands before it. Without any, it is page 80h after an S, vendor
 * and product. Characters that a name must not hold are replaced afterwards, by {@link UdevText}.
 */
final class ScsiId {

    private static final int VENDOR_SPECIFIC = 0;
    private static final int T10_VENDOR_ID = 1;
    private static final int EUI_64 = 2;
    private static final int NAA = 3;
    private static final int TARGET_PORT_GROUP = 5;
    private static final int NAA_REGISTERED = 5;
    private static final int NAA_REGISTERED_EXTENDED = 6;
    private static final int ANY = -1;
    private static final int BINARY = 1;
    private static final int ASCII = 2;

    private static final int HEADER_BYTES = 4;
    private static final int VENDOR_OFFSET = 8;
    private static final int VENDOR_BYTES = 8;
    private static final int PRODUCT_BYTES = 16;
    private static final int REVISION_BYTES = 4;
    private static final int MAX_SERIAL_CHARACTERS = 254;
    private static final int WWN_DIGITS = 16;

    /** What is looked for in page 83h. */
    private record Wanted(int type, int naa, int codeSet) {}

    private static final List<Wanted> PREFERENCE = List.of(
            new Wanted(NAA, NAA_REGISTERED_EXTENDED, BINARY),
            new Wanted(NAA, NAA_REGISTERED_EXTENDED, ASCII),
            new Wanted(NAA, NAA_REGISTERED, BINARY),
            new Wanted(NAA, NAA_REGISTERED, ASCII),
            new Wanted(NAA, ANY, BINARY),
            new Wanted(NAA, ANY, ASCII),
            new Wanted(EUI_64, ANY, BINARY),
            new Wanted(EUI_64, ANY, ASCII),
            new Wanted(T10_VENDOR_ID, ANY, BINARY),
            new Wanted(T10_VENDOR_ID, ANY, ASCII),
            new Wanted(VENDOR_SPECIFIC, ANY, BINARY),
            new Wanted(VENDOR_SPECIFIC, ANY, ASCII));

    private final byte[] inquiry;
    private final byte[] serialPage;
    private final byte[] designatorPage;
    private final Map<String, String> properties = new LinkedHashMap<>();

    private ScsiId(IdentityBytes bytes) {
        inquiry = HexFormat.of().parseHex(bytes.inquiry());
        serialPage = HexFormat.of().parseHex(bytes.serialPage());
        designatorPage = HexFormat.of().parseHex(bytes.designatorPage());
    }

    /** By name, without those that the unit does not give; ID_SERIAL is missing where it gives neither page. */
    static Map<String, String> properties(IdentityBytes bytes) {
        ScsiId id = new ScsiId(bytes);
        id.addProduct();
        id.addSerial();
        id.addTargetPortGroup();
        if (id.designatorPage.length > 0) {
            id.put("ID_SCSI_SERIAL", text(untilNul(part(id.serialPage, HEADER_BYTES, u8(id.serialPage, 3)))));
        }
        return id.properties;
    }

    private void addProduct() {
        byte[] vendor = untilNul(part(inquiry, VENDOR_OFFSET, VENDOR_BYTES));
        byte[] product = untilNul(part(inquiry, VENDOR_OFFSET + VENDOR_BYTES, PRODUCT_BYTES));
        byte[] revision = untilNul(part(inquiry, VENDOR_OFFSET + VENDOR_BYTES + PRODUCT_BYTES, REVISION_BYTES));
        put("ID_SCSI", "1");
        put("ID_VENDOR", UdevText.name(vendor));
        put("ID_VENDOR_ENC", UdevText.encoded(vendor));
        put("ID_MODEL", UdevText.name(product));
        put("ID_MODEL_ENC", UdevText.encoded(product));
        put("ID_REVISION", UdevText.name(revision));
        put("ID_TYPE", "disk");
    }

    private void addSerial() {
        if (u8(designatorPage, 6) != 0) {
            addOldSerial();
            return;
        }
        for (Wanted wanted : PREFERENCE) {
            byte[] value = find(wanted);
            if (value != null) {
                addDesignator(wanted, value);
                return;
            }
        }
        if (serialPage.length > 0) {
            addNumberedSerial();
        }
    }

    /** Where vendor or product are not padded by blanks, scsi_id gives the S alone. */
    private void addNumberedSerial() {
        boolean padded = vendorAndProduct().length == VENDOR_BYTES + PRODUCT_BYTES;
        byte[] number = part(serialPage, HEADER_BYTES, padded ? u8(serialPage, 3) : 0);
        putSerial(padded ? 'S' + latin(vendorAndProduct()) : "S", number);
    }

    /** SCSI-2: no designators but one bare name; byte 6 of the page tells, which is reserved since. */
    private void addOldSerial() {
        byte[] digits = hex(part(designatorPage, HEADER_BYTES, u8(designatorPage, 3)));
        String serial = NAA + latin(digits);
        put("ID_SERIAL", serial);
        put("ID_SERIAL_SHORT", serial);
    }

    private void addDesignator(Wanted wanted, byte[] value) {
        putSerial(wanted.type + (wanted.type == VENDOR_SPECIFIC ? latin(vendorAndProduct()) : ""), value);
        if (wanted.type == NAA && value.length > 0) {
            String wwn = text(untilNul(value));
            String extension = wwn.substring(Math.min(WWN_DIGITS, wwn.length()));
            String first = wwn.substring(0, wwn.length() - extension.length());
            String second = extension.substring(0, Math.min(WWN_DIGITS, extension.length()));
            put("ID_WWN", "0x" + first);
            put("ID_WWN_VENDOR_EXTENSION", second.isEmpty() ? "" : "0x" + second);
            put("ID_WWN_WITH_EXTENSION", "0x" + first + second);
        }
    }

    private void putSerial(String prefix, byte[] value) {
        byte[] start = prefix.getBytes(StandardCharsets.ISO_8859_1);
        byte[] end = untilNul(value);
        byte[] serial = Arrays.copyOf(start, start.length + end.length);
        System.arraycopy(end, 0, serial, start.length, end.length);
        put("ID_SERIAL", UdevText.name(serial));
        put("ID_SERIAL_SHORT", UdevText.name(end));
    }

    private byte @Nullable [] find(Wanted wanted) {
        for (int at = HEADER_BYTES; at <= u8(designatorPage, 3) + 3; at += u8(designatorPage, at + 3) + HEADER_BYTES) {
            boolean ofUnit = (u8(designatorPage, at + 1) & 0x30) == 0;
            boolean sameType = (u8(designatorPage, at + 1) & 0x0f) == wanted.type;
            boolean sameNaa = wanted.naa == ANY || u8(designatorPage, at + HEADER_BYTES) >>> 4 == wanted.naa;
            boolean sameCodeSet = (u8(designatorPage, at) & 0x0f) == wanted.codeSet;
            if (ofUnit && sameType && sameNaa && sameCodeSet && fits(wanted, u8(designatorPage, at + 3))) {
                byte[] value = part(designatorPage, at + HEADER_BYTES, u8(designatorPage, at + 3));
                return wanted.codeSet == ASCII ? value : hex(value);
            }
        }
        return null;
    }

    private boolean fits(Wanted wanted, int lengthBytes) {
        int characters = wanted.codeSet == ASCII ? lengthBytes : 2 * lengthBytes;
        if (wanted.type != VENDOR_SPECIFIC) {
            return characters <= MAX_SERIAL_CHARACTERS;
        }
        int before = VENDOR_BYTES + PRODUCT_BYTES;
        return characters + before <= MAX_SERIAL_CHARACTERS && vendorAndProduct().length == before;
    }

    private void addTargetPortGroup() {
        for (int at = HEADER_BYTES; at <= u8(designatorPage, 3) + 3; at += u8(designatorPage, at + 3) + HEADER_BYTES) {
            int association = u8(designatorPage, at + 1) >>> 4 & 0x03;
            boolean isGroup = (u8(designatorPage, at + 1) & 0x0f) == TARGET_PORT_GROUP;
            if (association <= 1 && isGroup && (u8(designatorPage, at) & 0x0f) == BINARY) {
                int group = u8(designatorPage, at + 6) << 8 | u8(designatorPage, at + 7);
                put("ID_TARGET_PORT", Integer.toHexString(group));
            }
        }
    }

    /** Padded, as the unit gives them; a NUL ends either. */
    private byte[] vendorAndProduct() {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(untilNul(part(inquiry, VENDOR_OFFSET, VENDOR_BYTES)));
        both.writeBytes(untilNul(part(inquiry, VENDOR_OFFSET + VENDOR_BYTES, PRODUCT_BYTES)));
        return both.toByteArray();
    }

    private void put(String name, String value) {
        if (!value.isEmpty()) {
            properties.put(name, value);
        }
    }

    /** What lies beyond the end is zero. */
    private static int u8(byte[] bytes, int offset) {
        return offset < bytes.length ? bytes[offset] & 0xff : 0;
    }

    private static byte[] part(byte[] bytes, int offset, int length) {
        int from = Math.min(offset, bytes.length);
        return Arrays.copyOf(Arrays.copyOfRange(bytes, from, Math.min(from + length, bytes.length)), length);
    }

    private static byte[] untilNul(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static byte[] hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }
}
