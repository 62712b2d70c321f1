package io.lunbridge.iscsi.target;

/**
 * Which task something belongs to.
 *
 * @param lun eight bytes
 * @param immediate whether it holds no place in the command window
 */
record TaskTag(int initiatorTaskTag, long lun, boolean immediate) {}
