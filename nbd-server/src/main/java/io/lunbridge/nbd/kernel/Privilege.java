package io.lunbridge.nbd.kernel;

/** The one capability that the driver asks for. */
final class Privilege {

    private static final int CAP_SYS_ADMIN = 21;
    private static final String EFFECTIVE = "CapEff:";

    private Privilege() {}

    /** Fails unless this process is privileged, as far as it can be known without trying. */
    static void require(KernelFiles files) throws KernelException {
        for (String line : KernelFiles.lines(files.proc("self/status"))) {
            if (line.startsWith(EFFECTIVE)) {
                long capabilities = Long.parseUnsignedLong(
                        line.substring(EFFECTIVE.length()).strip(), 16);
                if (((capabilities >>> CAP_SYS_ADMIN) & 1) == 0) {
                    throw missing();
                }
            }
        }
    }

    static KernelException missing() {
        return KernelException.Kind.NOT_PERMITTED.because(
                "a kernel device needs root (CAP_SYS_ADMIN on the host, not only in a container);"
                        + " run the command with sudo, or serve the disk on a socket instead, which needs no root");
    }
}
