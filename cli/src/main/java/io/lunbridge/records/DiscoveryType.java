package io.lunbridge.records;

/** By what a portal was found. */
public enum DiscoveryType {
    SENDTARGETS("sendtargets", "send_targets"),
    ISNS("isns", "isns"),
    STATIC("static", "static"),
    FIRMWARE("fw", "fw");

    private final String word;
    private final String nodeWord;

    DiscoveryType(String word, String nodeWord) {
        this.word = word;
        this.nodeWord = nodeWord;
    }

    /** As discovery records and listings have it. */
    public String word() {
        return word;
    }

    /** As node records have it. */
    String nodeWord() {
        return nodeWord;
    }

    static DiscoveryType ofNode(String word) {
        for (DiscoveryType type : values()) {
            if (type.nodeWord.equals(word)) {
                return type;
            }
        }
        return STATIC;
    }
}
