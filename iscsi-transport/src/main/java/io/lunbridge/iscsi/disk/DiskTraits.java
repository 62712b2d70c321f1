package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.Provisioning;

/**
 * What a unit can do besides reading and writing.
 *
 * @param provisioning the ways to give blocks back
 * @param rotates whether the medium rotates; so it does unless the LUN says that it does not
 * @param tellsStatus GET LBA STATUS was tried and works
 * @param prefetches PRE-FETCH was tried and works
 */
public record DiskTraits(Provisioning provisioning, boolean rotates, boolean tellsStatus, boolean prefetches) {}
