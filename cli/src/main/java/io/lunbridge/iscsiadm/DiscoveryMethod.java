package io.lunbridge.iscsiadm;

import org.jspecify.annotations.Nullable;

/** Whom a discovery asks ({@code -t}, M-6). */
enum DiscoveryMethod {
    SENDTARGETS,
    SLP,
    ISNS,
    FW;

    /** The one of that name; null if there is none, which open-iscsi takes for no type at all. */
    static @Nullable DiscoveryMethod of(String word) {
        return switch (word) {
            case "sendtargets", "st" -> SENDTARGETS;
            case "slp" -> SLP;
            case "isns" -> ISNS;
            case "fw" -> FW;
            default -> null;
        };
    }
}
