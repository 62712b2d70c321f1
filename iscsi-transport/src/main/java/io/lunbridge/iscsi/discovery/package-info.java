/**
 * Finds out what there is: the targets behind a portal, the logical units of a target.
 *
 * <p>{@link io.lunbridge.iscsi.discovery.SendTargets} opens a discovery session, asks and closes it again; {@link
 * io.lunbridge.iscsi.discovery.ReportLuns} asks on a session that is open. The commands call them, on no data path.
 */
@NullMarked
package io.lunbridge.iscsi.discovery;

import org.jspecify.annotations.NullMarked;
