/**
 * SCSI as bytes: what a command looks like and what its answer says (SPC-4, SBC-3, SAM-5).
 *
 * <p>{@link io.lunbridge.scsi.Cdb} writes command descriptor blocks into one reusable area; the records decode parameter
 * data and sense. A target may answer shorter than it claims, so every decoder takes what is there and reads the rest as
 * zero. Nothing here knows iSCSI, sockets or the device contract; {@code iscsi.disk} puts these bytes to use.
 */
@NullMarked
package io.lunbridge.scsi;

import org.jspecify.annotations.NullMarked;
