package io.lunbridge.records;

import java.util.List;

/** The types of keys that several tables share. Lengths are those of open-iscsi's own fields. */
final class Types {

    static final KeyType INT = new KeyType.Whole(32, true);
    static final KeyType UINT8 = new KeyType.Whole(8, false);
    static final KeyType UINT16 = new KeyType.Whole(16, false);
    static final KeyType UINT32 = new KeyType.Whole(32, false);

    static final KeyType WORD = new KeyType.Text(79);
    static final KeyType ADDRESS = new KeyType.Text(255);
    static final KeyType ISCSI_NAME = new KeyType.Text(255);
    static final KeyType CREDENTIAL = new KeyType.Text(255);
    static final KeyType NETWORK_INTERFACE = new KeyType.Text(15);
    static final KeyType HARDWARE_ADDRESS = new KeyType.Text(17);
    static final KeyType IFACE_NAME = new KeyType.Text(64);
    static final KeyType TRANSPORT = new KeyType.Text(15);

    static final KeyType NO_YES = new KeyType.Choice(List.of("No", "Yes"));
    static final KeyType STARTUP = new KeyType.Choice(List.of("manual", "automatic", "onboot"));
    static final KeyType AUTHENTICATION = new KeyType.Choice(List.of("None", "CHAP"));
    static final KeyType DIGEST = new KeyType.Choice(List.of("None", "CRC32C", "CRC32C,None", "None,CRC32C"));
    static final KeyType CHAP_ALGORITHMS = new KeyType.Choices(List.of("MD5", "SHA1", "SHA256", "SHA3-256"));

    private Types() {}
}
