package io.lunbridge.records;

import static io.lunbridge.records.Types.ADDRESS;
import static io.lunbridge.records.Types.HARDWARE_ADDRESS;
import static io.lunbridge.records.Types.IFACE_NAME;
import static io.lunbridge.records.Types.INT;
import static io.lunbridge.records.Types.ISCSI_NAME;
import static io.lunbridge.records.Types.NETWORK_INTERFACE;
import static io.lunbridge.records.Types.TRANSPORT;
import static io.lunbridge.records.Types.UINT16;
import static io.lunbridge.records.Types.UINT32;
import static io.lunbridge.records.Types.UINT8;
import static io.lunbridge.records.Types.WORD;

import java.util.List;

/** The keys of iface records (section 2.8 of the inventory, R-5). All are unset or 0 but the transport. */
final class IfaceKeys {

    static final String NAME = "iface.iscsi_ifacename";
    static final String TRANSPORT_NAME = "iface.transport_name";

    static final KeyTable IPV4 = table(false, true);
    static final KeyTable IPV6 = table(true, true);

    /** The same as a node record has them, where the name may be updated. */
    static final KeyTable IPV4_OF_NODE = table(false, false);

    static final KeyTable IPV6_OF_NODE = table(true, false);

    /** These lead in the files of node records, and only there. */
    static final List<String> FIRST_IN_NODE_FILES = List.of(
            "iface.hwaddress",
            "iface.ipaddress",
            NAME,
            "iface.net_ifacename",
            "iface.gateway",
            "iface.subnet_mask",
            "iface.prefix_len");

    private IfaceKeys() {}

    /** Whether an iface of this name has the keys of IPv6, which the name alone tells. */
    static boolean isIpv6(String ifaceName) {
        return ifaceName.contains("ipv6");
    }

    private static KeyTable table(boolean ipv6, boolean fixedName) {
        KeyTable.Builder keys = new KeyTable.Builder();
        if (fixedName) {
            keys.fixed(IFACE_NAME, NAME, "default");
        } else {
            keys.add(IFACE_NAME, NAME, "default");
        }
        keys.add(NETWORK_INTERFACE, "iface.net_ifacename", "")
                .add(ADDRESS, "iface.ipaddress", "")
                .add(UINT8, "iface.prefix_len", "0")
                .add(HARDWARE_ADDRESS, "iface.hwaddress", "")
                .add(TRANSPORT, TRANSPORT_NAME, "tcp")
                .add(ISCSI_NAME, "iface.initiatorname", "")
                .add(WORD, "iface.state", "")
                .add(UINT16, "iface.vlan_id", "0")
                .add(UINT8, "iface.vlan_priority", "0")
                .add(WORD, "iface.vlan_state", "")
                .add(INT, "iface.iface_num", "0")
                .add(UINT16, "iface.mtu", "0")
                .add(UINT16, "iface.port", "0");
        if (ipv6) {
            addIpv6(keys);
        } else {
            addIpv4(keys);
        }
        addTcp(keys);
        addIscsi(keys);
        return keys.build();
    }

    private static void addIpv4(KeyTable.Builder keys) {
        keys.add(WORD, "iface.bootproto", "")
                .add(ADDRESS, "iface.subnet_mask", "")
                .add(ADDRESS, "iface.gateway", "")
                .add(WORD, "iface.dhcp_alt_client_id_state", "")
                .add(WORD, "iface.dhcp_alt_client_id", "")
                .add(WORD, "iface.dhcp_dns", "")
                .add(WORD, "iface.dhcp_learn_iqn", "")
                .add(WORD, "iface.dhcp_req_vendor_id_state", "")
                .add(WORD, "iface.dhcp_vendor_id_state", "")
                .add(WORD, "iface.dhcp_vendor_id", "")
                .add(WORD, "iface.dhcp_slp_da", "")
                .add(WORD, "iface.fragmentation", "")
                .add(WORD, "iface.gratuitous_arp", "")
                .add(WORD, "iface.incoming_forwarding", "")
                .add(WORD, "iface.tos_state", "")
                .add(UINT8, "iface.tos", "0")
                .add(UINT8, "iface.ttl", "0");
    }

    private static void addIpv6(KeyTable.Builder keys) {
        keys.add(ADDRESS, "iface.ipv6_autocfg", "")
                .add(ADDRESS, "iface.linklocal_autocfg", "")
                .add(ADDRESS, "iface.router_autocfg", "")
                .add(ADDRESS, "iface.ipv6_linklocal", "")
                .add(ADDRESS, "iface.ipv6_router", "")
                .add(UINT8, "iface.dup_addr_detect_cnt", "0")
                .add(UINT32, "iface.flow_label", "0")
                .add(WORD, "iface.gratuitous_neighbor_adv", "")
                .add(UINT8, "iface.hop_limit", "0")
                .add(WORD, "iface.mld", "")
                .add(UINT32, "iface.nd_reachable_tmo", "0")
                .add(UINT32, "iface.nd_rexmit_time", "0")
                .add(UINT32, "iface.nd_stale_tmo", "0")
                .add(UINT32, "iface.router_adv_link_mtu", "0")
                .add(UINT8, "iface.traffic_class", "0");
    }

    private static void addTcp(KeyTable.Builder keys) {
        keys.add(WORD, "iface.delayed_ack", "")
                .add(WORD, "iface.tcp_nagle", "")
                .add(WORD, "iface.tcp_wsf_state", "")
                .add(UINT8, "iface.tcp_wsf", "0")
                .add(UINT8, "iface.tcp_timer_scale", "0")
                .add(WORD, "iface.tcp_timestamp", "")
                .add(WORD, "iface.redirect", "")
                .add(UINT16, "iface.def_task_mgmt_timeout", "0");
    }

    private static void addIscsi(KeyTable.Builder keys) {
        keys.add(WORD, "iface.header_digest", "")
                .add(WORD, "iface.data_digest", "")
                .add(WORD, "iface.immediate_data", "")
                .add(WORD, "iface.initial_r2t", "")
                .add(WORD, "iface.data_seq_inorder", "")
                .add(WORD, "iface.data_pdu_inorder", "")
                .add(UINT8, "iface.erl", "0")
                .add(UINT32, "iface.max_receive_data_len", "0")
                .add(UINT32, "iface.first_burst_len", "0")
                .add(UINT16, "iface.max_outstanding_r2t", "0")
                .add(UINT32, "iface.max_burst_len", "0")
                .add(WORD, "iface.chap_auth", "")
                .add(WORD, "iface.bidi_chap", "")
                .add(WORD, "iface.strict_login_compliance", "")
                .add(WORD, "iface.discovery_auth", "")
                .add(WORD, "iface.discovery_logout", "");
    }
}
