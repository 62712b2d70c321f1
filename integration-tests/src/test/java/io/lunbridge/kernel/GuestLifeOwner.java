package io.lunbridge.kernel;

import io.lunbridge.nbd.kernel.KernelAttachment;

/** A process that attaches a disk which never answers some reads, says so, and lives until it is killed. */
final class GuestLifeOwner {

    private GuestLifeOwner() {}

    public static void main(String[] arguments) throws Exception {
        GuestLifeDisk disk = GuestLifeDisk.memory().hold();
        KernelAttachment attachment = GuestDisk.attach(disk, null, GuestLife.OPTIONS);
        System.out.println(GuestOwner.ATTACHED + attachment.device());
        disk.awaitHeld(1);
        System.out.println("held");
        attachment.ended().get();
    }
}
