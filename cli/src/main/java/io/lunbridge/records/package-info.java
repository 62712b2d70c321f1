/**
 * The database that open-iscsi keeps of targets: node, discovery and iface records, {@code iscsid.conf} and the
 * initiator's name, in open-iscsi's own files (rows M-90..M-97, R-1..R-63).
 *
 * <p>A host that used open-iscsi goes over to Lunbridge with its records as they are, and back. What differs: a file is
 * there whole or not at all, the lock dies with its holder, what a record has that we do not know stays in it, and one
 * bad record is passed over with a warning while all others work (U-1, U-2).
 *
 * <p>{@link io.lunbridge.records.KeyTable} and {@link io.lunbridge.records.NodeKeys} and its like say as data which keys
 * there are; {@link io.lunbridge.records.NodeRecord}, {@link io.lunbridge.records.DiscoveryRecord} and
 * {@link io.lunbridge.records.IfaceRecord} are immutable values; {@link io.lunbridge.records.RecordDatabase} reads and
 * writes them. Reading takes no lock; a change is read, made and written inside
 * {@link io.lunbridge.records.RecordDatabase#locked}.
 *
 * <p>Who calls whom: {@code io.lunbridge.iscsiadm} and the daemon call {@code RecordDatabase}; nothing here calls them,
 * and nothing here needs more than the JDK, as each start of {@code iscsiadm} pays for what it loads. Everything here
 * may block on the disk.
 */
@NullMarked
package io.lunbridge.records;

import org.jspecify.annotations.NullMarked;
