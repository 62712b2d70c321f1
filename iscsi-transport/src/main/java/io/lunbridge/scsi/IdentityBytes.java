package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * The answers by which a unit identifies itself, as they came, for whoever derives a name from padding and reserved bits
 * as well. Each in hexadecimal digits, and empty where the unit did not give that answer.
 *
 * @param inquiry standard INQUIRY data
 * @param serialPage page 80h with its header
 * @param designatorPage page 83h with its header, at most {@link VpdPage#ALLOCATION_BYTES} of it
 */
public record IdentityBytes(String inquiry, String serialPage, String designatorPage) {

    public static final IdentityBytes NONE = new IdentityBytes("", "", "");

    public IdentityBytes withInquiry(ByteBuf data) {
        return new IdentityBytes(ByteBufUtil.hexDump(data), serialPage, designatorPage);
    }

    public IdentityBytes withSerialPage(ByteBuf page) {
        return new IdentityBytes(inquiry, ByteBufUtil.hexDump(page), designatorPage);
    }

    public IdentityBytes withDesignatorPage(ByteBuf page) {
        return new IdentityBytes(inquiry, serialPage, ByteBufUtil.hexDump(page));
    }

    /** Short: the decoded fields beside it say what people want to know. */
    @Override
    public String toString() {
        return (inquiry.length() + serialPage.length() + designatorPage.length()) / 2 + " bytes";
    }
}
