package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The other end: answers what the session sends, mostly as it should be. Now and then it changes a field of a header, or,
 * where digests protect what goes over the wire, any byte of it.
 *
 * <p>The bytes that it sends as data are always those of the task and the offset that the header names in the end, so that
 * a read may go wrong in any way but one: to succeed with other bytes.
 */
final class FuzzTarget {

    private static final int HEADER_BYTES = 48;
    private static final int[] NASTY = {0, 1, -1, -2, 0x80000000, 0x7fffffff, 0xffff, 0x1000000, 4096, 3000};

    /** A command as it is known here. */
    private static final class Command {
        final FuzzTask task;
        final BitSet sent = new BitSet();

        /** What has not been sent or asked for yet: starts and ends. */
        final List<int[]> gaps = new ArrayList<>();

        int tag = -1;
        int dataSn;
        int r2tSn;
        boolean over;

        Command(FuzzTask task) {
            this.task = task;
            if (task.lengthBytes > 0) {
                gaps.add(new int[] {0, task.lengthBytes});
            }
        }

        void came(int start, int end) {
            if (!gaps.isEmpty() && gaps.get(0)[0] >= start && gaps.get(0)[0] < end) {
                gaps.get(0)[0] = Math.min(end, gaps.get(0)[1]);
                gaps.removeIf(gap -> gap[0] == gap[1]);
            }
        }

        /** Takes a range out of the gaps: their beginning, or any one. */
        int[] take(Random random, boolean inOrder) {
            int[] gap = gaps.get(inOrder ? 0 : random.nextInt(gaps.size()));
            int left = gap[1] - gap[0];
            int start = gap[0] + (inOrder || random.nextBoolean() ? 0 : random.nextInt(left));
            int end = random.nextInt(3) == 0 ? gap[1] : start + 1 + random.nextInt(gap[1] - start);
            gaps.add(gaps.indexOf(gap) + 1, new int[] {end, gap[1]});
            gap[1] = start;
            gaps.removeIf(one -> one[0] == one[1]);
            return new int[] {start, end};
        }
    }

    private final Random random;
    private final NegotiatedKeys keys;
    private final Map<Integer, Command> byNumber = new HashMap<>();
    private final Map<Integer, Command> byTag = new HashMap<>();
    private final List<Command> open = new ArrayList<>();
    private final List<byte[]> requests = new ArrayList<>();
    private ByteBuffer received = ByteBuffer.allocate(1 << 16);
    private int statSn;
    private int expCmdSn;

    FuzzTarget(Random random, NegotiatedKeys keys) {
        this.random = random;
        this.keys = keys;
        statSn = random.nextInt();
        expCmdSn = random.nextInt();
    }

    int statSn() {
        return statSn;
    }

    int expCmdSn() {
        return expCmdSn;
    }

    int maxCmdSn() {
        return expCmdSn + 20;
    }

    void announce(FuzzTask task) {
        byNumber.put(task.number, new Command(task));
    }

    // What the session sends.

    void receive(ByteBuf part) {
        if (received.remaining() < part.readableBytes()) {
            received = ByteBuffer.allocate(2 * (received.position() + part.readableBytes()))
                    .put(received.flip());
        }
        int n = part.readableBytes();
        part.getBytes(part.readerIndex(), received.array(), received.position(), n);
        received.position(received.position() + n);
        received.flip();
        while (received.remaining() >= HEADER_BYTES && received.remaining() >= wireBytes()) {
            int end = received.position() + wireBytes();
            take(received.slice(received.position(), wireBytes()));
            received.position(end);
        }
        received.compact();
    }

    private int wireBytes() {
        int length = received.getInt(received.position() + 4) & 0xffffff;
        int dataBytes =
                length == 0 ? 0 : length + (-length & 3) + (keys.digests().data() ? 4 : 0);
        return HEADER_BYTES + (keys.digests().header() ? 4 : 0) + dataBytes;
    }

    private void take(ByteBuffer pdu) {
        int opcode = pdu.get(0) & 0x3f;
        boolean immediate = (pdu.get(0) & 0x40) != 0;
        int length = pdu.getInt(4) & 0xffffff;
        if (opcode == 5) {
            takeData(byTag.get(pdu.getInt(16)), pdu, pdu.getInt(40), length);
            return;
        }
        expCmdSn += immediate ? 0 : 1;
        if (opcode == 1) {
            Command command = byNumber.get((int) pdu.getLong(32 + 2));
            if (command == null) {
                throw new AssertionError("a command that nobody submitted");
            }
            command.tag = pdu.getInt(16);
            byTag.put(command.tag, command);
            open.add(command);
            takeData(command, pdu, 0, length);
        } else {
            byte[] header = new byte[HEADER_BYTES];
            pdu.get(0, header);
            requests.add(header);
        }
    }

    private void takeData(@Nullable Command command, ByteBuffer pdu, int offset, int length) {
        if (command == null) {
            throw new AssertionError("data of no command");
        }
        byte[] data = new byte[length];
        pdu.get(HEADER_BYTES + (keys.digests().header() ? 4 : 0), data);
        if (!Arrays.equals(data, FuzzTask.contents(command.task.number, offset, length))) {
            throw new AssertionError("it sends wrong data");
        }
        if (!command.sent.get(offset, offset + length).isEmpty() || offset + length > command.task.lengthBytes) {
            throw new AssertionError("it sends data twice or too much of it");
        }
        command.sent.set(offset, offset + length);
        command.came(offset, offset + length);
    }

    void assertAllSent(FuzzTask write) {
        Command command = byNumber.get(write.number);
        if (command == null || command.sent.cardinality() != write.lengthBytes) {
            throw new AssertionError("a write succeeded that was not sent as a whole");
        }
    }

    // What it sends to the session.

    /** One to three PDUs as they go over the wire. */
    byte[] nextInput() {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int pdus = 1 + random.nextInt(3); pdus > 0; pdus--) {
            wire.writeBytes(encoded(nextHeader()));
        }
        byte[] bytes = wire.toByteArray();
        if (keys.digests().header() && keys.digests().data() && random.nextInt(30) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        }
        return bytes;
    }

    private ByteBuffer nextHeader() {
        open.removeIf(command -> command.over);
        Command command = open.isEmpty() ? null : open.get(random.nextInt(open.size()));
        int choice = random.nextInt(150);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        if (command == null || choice < 12) {
            other(header, choice);
        } else if (choice < 20) {
            response(header, command, random.nextInt(3) == 0 ? 8 : 2);
        } else if (command.gaps.isEmpty() || choice < 22) {
            response(header, command, 0);
        } else if (command.task.kind == FuzzTask.Kind.WRITE) {
            readyToTransfer(header, command);
        } else {
            dataIn(header, command);
        }
        header.putInt(28, expCmdSn).putInt(32, maxCmdSn());
        if (random.nextInt(50) == 0) {
            mutate(header);
        }
        return header;
    }

    private void mutate(ByteBuffer header) {
        if (random.nextBoolean()) {
            header.put(random.nextInt(HEADER_BYTES), (byte) random.nextInt());
        } else {
            header.putInt(4 * random.nextInt(HEADER_BYTES / 4), NASTY[random.nextInt(NASTY.length)]);
        }
    }

    private void dataIn(ByteBuffer header, Command command) {
        boolean empty = random.nextInt(20) == 0;
        int[] range = empty ? new int[2] : command.take(random, keys.flow().dataPduInOrder());
        boolean last = command.gaps.isEmpty() && random.nextBoolean();
        header.put(0, (byte) 0x25).put(1, (byte) (last ? 0x81 : random.nextInt(4) == 0 ? 0x80 : 0));
        header.putInt(4, range[1] - range[0]).putInt(16, command.tag).putInt(20, -1);
        header.putInt(24, last ? statSn++ : 0);
        header.putInt(36, command.dataSn++).putInt(40, range[0]);
        command.over = last;
    }

    private void readyToTransfer(ByteBuffer header, Command command) {
        int[] range = command.take(random, keys.flow().dataSequenceInOrder());
        header.put(0, (byte) 0x31).put(1, (byte) 0x80).putLong(8, 1L << 48).putInt(16, command.tag);
        header.putInt(20, random.nextInt(1 << 20)).putInt(24, statSn);
        header.putInt(36, command.r2tSn++).putInt(40, range[0]).putInt(44, range[1] - range[0]);
    }

    private void response(ByteBuffer header, Command command, int status) {
        header.put(0, (byte) 0x21).put(1, (byte) 0x80).put(3, (byte) status);
        header.putInt(4, status == 2 ? 2 + random.nextInt(40) : 0);
        header.putInt(16, command.tag).putInt(24, statSn++);
        command.over = true;
    }

    /** An answer to what is no command, or something that nobody asked for. */
    private void other(ByteBuffer header, int choice) {
        byte[] request = requests.isEmpty() ? null : requests.remove(random.nextInt(requests.size()));
        header.put(1, (byte) 0x80).putInt(16, -1).putInt(20, -1);
        if (request != null && request[0] != 0x04) {
            header.put(0, (byte) (0x20 | (request[0] & 0x1f)));
            header.putInt(16, ByteBuffer.wrap(request).getInt(16)).putInt(24, statSn);
            statSn += header.getInt(16) == -1 ? 0 : 1;
        } else if (choice == 0) {
            header.put(0, (byte) 0x3f)
                    .put(2, (byte) random.nextInt(14))
                    .putInt(4, 48)
                    .putInt(24, statSn++);
        } else if (choice == 1) {
            header.put(0, (byte) 0x32)
                    .put(36, (byte) random.nextInt(6))
                    .putInt(4, 20)
                    .putInt(24, statSn++);
            header.putInt(40, random.nextInt(100));
        } else if (choice == 2) {
            header.put(0, (byte) random.nextInt(64))
                    .putInt(4, random.nextInt(100))
                    .putInt(24, statSn);
        } else {
            header.put(0, (byte) 0x20).putInt(20, random.nextInt(3) - 1).putInt(24, statSn);
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // headers are wrapped arrays
    private byte[] encoded(ByteBuffer header) {
        int length = Math.min(header.getInt(4) & 0xffffff, 1 << 14);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(header.array());
        if (keys.digests().header()) {
            wire.writeBytes(crc(header.array()));
        }
        if (length > 0) {
            byte[] padded = Arrays.copyOf(contents(header, length), length + (-length & 3));
            wire.writeBytes(padded);
            if (keys.digests().data()) {
                wire.writeBytes(crc(padded));
            }
        }
        return wire.toByteArray();
    }

    private byte[] contents(ByteBuffer header, int length) {
        Command command = byTag.get(header.getInt(16));
        if ((header.get(0) & 0x3f) == 0x25 && command != null) {
            return FuzzTask.contents(command.task.number, header.getInt(40), length);
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] crc(byte[] covered) {
        CRC32C crc = new CRC32C();
        crc.update(covered);
        return ByteBuffer.allocate(4)
                .putInt(Integer.reverseBytes((int) crc.getValue()))
                .array();
    }
}
