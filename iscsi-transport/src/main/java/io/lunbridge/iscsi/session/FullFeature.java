package io.lunbridge.iscsi.session;

/**
 * What login hands to the full feature phase.
 *
 * @param tsih the target's handle of the session
 * @param firstCmdSn CmdSN of the first command
 * @param expStatSn StatSN of the target's first answer
 * @param sendLimits what a write may send, and when
 */
public record FullFeature(int tsih, int firstCmdSn, int expStatSn, SendLimits sendLimits) {}
