package io.lunbridge.iscsiadm;

/** What {@code --help} and {@code --version} print (M-20, M-21). */
final class Usage {

    /** Of the open-iscsi whose command line this is. Scripts ask for it only to see that there is one. */
    static final String VERSION = "2.1.8";

    static final String TEXT = lines(
            "iscsiadm -m discoverydb [-hV] [-d debug_level] [-P printlevel] [-t type -p ip:port -I "
                    + "ifaceN ... [-Dl]] | [[-p ip:port -t type] [-o operation] [-n name] [-v value] [-lD]] ",
            "iscsiadm -m discovery [-hV] [-d debug_level] [-P printlevel] [-t type -p ip:port -I "
                    + "ifaceN ... [-l]] | [[-p ip:port] [-l | -D]] [-W]",
            "iscsiadm -m node [-hV] [-d debug_level] [-P printlevel] [-L "
                    + "all,manual,automatic,onboot] [-W] [-U all,manual,automatic,onboot] [-S] [[-T targetname "
                    + "-p ip:port -I ifaceN] [-l | -u | -R | -s]] [[-o operation ] [-n name] [-v value]]",
            "iscsiadm -m session [-hV] [-d debug_level] [-P printlevel] [-r sessionid | sysfsdir [-R "
                    + "| -u | -s] [-o operation] [-n name] [-v value]]",
            "iscsiadm -m iface [-hV] [-d debug_level] [-P printlevel] [-I ifacename | -H hostno|MAC] "
                    + "[[-o operation ] [-n name] [-v value]] [-C ping [-a ip] [-b packetsize] [-c count] [-i "
                    + "interval]]",
            "iscsiadm -m fw [-d debug_level] [-l] [-W] [[-n name] [-v value]]",
            "iscsiadm -m host [-P printlevel] [-H hostno|MAC] [[-C chap [-x chap_tbl_idx]] | [-C "
                    + "flashnode [-A portal_type] [-x flashnode_idx]] | [-C stats]] [[-o operation] [-n name] "
                    + "[-v value]] ",
            "iscsiadm -k priority");

    private Usage() {}

    private static String lines(String... lines) {
        return String.join("\n", lines) + "\n";
    }
}
