package io.lunbridge.iscsi.disk;

/** Told, on the event loop, once, whether a disk could be opened. */
public interface DiskOpening {

    void opened(ScsiDisk disk);

    void failed(DiskException cause);
}
