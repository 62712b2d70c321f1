package io.lunbridge.isns;

/**
 * Where a target can be reached, by the word of an iSNS server.
 *
 * @param targetName its iSCSI name, fit for a file's name
 * @param address IPv4 with dots, or IPv6 as short as can be, without brackets
 * @param port TCP port, 1 to 65535
 * @param portalGroupTag 0 to 65535
 */
public record TargetPortal(String targetName, String address, int port, int portalGroupTag) {}
