package io.lunbridge.nbd.protocol;

/** Information types of OPT_INFO and OPT_GO (NBD "NBD_REP_INFO"). */
public final class Info {

    public static final int EXPORT = 0;
    public static final int NAME = 1;
    public static final int DESCRIPTION = 2;
    public static final int BLOCK_SIZE = 3;

    private Info() {}
}
