package io.lunbridge.kernel;

import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.TestRequest;
import io.lunbridge.nbd.kernel.KernelAttachment;
import java.util.concurrent.atomic.AtomicLong;

/** A process that attaches a disk, says so, and ends when the kernel lets go of it. */
final class GuestOwner {

    static final String ATTACHED = "attached ";

    private GuestOwner() {}

    public static void main(String[] arguments) throws Exception {
        AtomicLong flushes = new AtomicLong();
        KernelAttachment attachment = GuestDisk.attach(new FaultyBlockDevice(GuestDisk.memory()).failing(request -> {
            if (request.kind() == TestRequest.Kind.FLUSH) {
                flushes.incrementAndGet();
            }
            return false;
        }));
        System.out.println(ATTACHED + attachment.device());
        System.out.println(attachment.ended().get());
        System.out.println(flushes.get() > 0 ? "flushed" : "never flushed");
        System.exit(0);
    }
}
