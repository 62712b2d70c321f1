package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The blocks behind a {@link FakeUnit}, each a number repeated, in a volatile cache over a medium. Commands are executed
 * at once, late, or never; sessions end before or after; the power goes now and then.
 *
 * <p>What a session has left behind may be executed at any time until the next login, as with a real target: only that
 * login puts an end to it.
 */
final class LossyMedium implements FakeUnit.Medium {

    static final int BLOCKS = 16;

    private static final int BLOCK_BYTES = 512;

    /** So late that a login usually comes first: were it no fence, an old write would land on newer ones. */
    private static final int STEPS_UNTIL_LATE = 40;

    /** What goes wrong, in thousandths of all commands. */
    int lossesPerThousand;

    private record Pending(ScsiCommand command, int block, int value) {}

    private final FakeUnit unit;
    private final Random random;
    private final int[] cached = new int[BLOCKS];
    private final int[] stable = new int[BLOCKS];
    private final List<Pending> pending = new ArrayList<>();
    private final List<Pending> leftBehind = new ArrayList<>();

    private final Set<Integer> seen = new HashSet<>();
    private int repeated;

    int losses;
    int powerCuts;

    LossyMedium(FakeUnit unit, Random random) {
        this.unit = unit;
        this.random = random;
    }

    /** How many writes were executed twice. */
    int repeated() {
        return repeated;
    }

    int value(int block) {
        return cached[block];
    }

    @Override
    public boolean takes(ScsiCommand command, ByteBuf data) {
        int opcode = command.cdbByte(0);
        if (opcode != FakeUnit.READ_16 && opcode != FakeUnit.WRITE_16 && opcode != FakeUnit.SYNCHRONIZE_CACHE) {
            return false;
        }
        int value = data.isReadable() ? data.getInt(data.readerIndex()) : 0;
        Pending task = new Pending(command, command.cdbByte(9), value);
        int fate = random.nextInt(1000);
        if (fate < lossesPerThousand) {
            lose(task);
        } else if (fate < lossesPerThousand + 100) {
            pending.add(task);
        } else if (fate < lossesPerThousand + 150) {
            unit.respond(task.command, FakeUnit.BUSY);
        } else {
            execute(task, true);
        }
        return true;
    }

    /** The session ends at this command, executed or not, and with it maybe the power. */
    private void lose(Pending task) {
        losses++;
        if (random.nextBoolean()) {
            execute(task, random.nextBoolean());
        } else {
            pending.add(task);
        }
        unit.target.deliver();
        if (random.nextInt(4) == 0) {
            powerCuts++;
            pending.clear();
            leftBehind.clear();
            System.arraycopy(stable, 0, cached, 0, BLOCKS);
        }
        leftBehind.addAll(pending);
        pending.clear();
        unit.target.lose(random.nextInt(4) - 1);
        unit.reachable = random.nextInt(3) > 0;
    }

    /** Executes some of what has been waiting; answers it where its session lives. */
    void work() {
        if (!leftBehind.isEmpty() && random.nextInt(STEPS_UNTIL_LATE) == 0) {
            execute(leftBehind.remove(random.nextInt(leftBehind.size())), false);
        }
        while (!pending.isEmpty() && random.nextInt(3) > 0) {
            Pending task = pending.remove(random.nextInt(pending.size()));
            execute(task, true);
        }
        if (random.nextInt(20) == 0) {
            int block = random.nextInt(BLOCKS);
            stable[block] = cached[block];
        }
        if (unit.target.channel.isOpen()) {
            unit.target.deliver();
        }
    }

    @Override
    public void loggedIn() {
        leftBehind.clear();
    }

    private void execute(Pending task, boolean answer) {
        String data = FakeUnit.GOOD;
        switch (task.command.cdbByte(0)) {
            case FakeUnit.READ_16 ->
                data = String.format("%08x", cached[task.block]).repeat(BLOCK_BYTES / 4);
            case FakeUnit.WRITE_16 -> {
                repeated += seen.add(task.value) ? 0 : 1;
                cached[task.block] = task.value;
                boolean forceUnitAccess = (task.command.cdbByte(1) & 0x08) != 0;
                stable[task.block] = forceUnitAccess ? task.value : stable[task.block];
            }
            default -> System.arraycopy(cached, 0, stable, 0, BLOCKS);
        }
        if (answer) {
            unit.respond(task.command, data);
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(cached);
    }
}
