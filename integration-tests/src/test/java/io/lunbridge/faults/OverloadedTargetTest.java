package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.conformance.Conversation;
import io.lunbridge.conformance.Initiator;
import io.lunbridge.conformance.Spec;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Scsi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A target that has too much to do for a while, or too much to tell: it is not stormed, and everything is done in the end. */
class OverloadedTargetTest {

    private static final int LENGTH = 4096;
    private static final int REQUESTS = 64;
    private static final int MORE_REFUSALS = 5;

    /** How it refuses. */
    enum Storm {
        BUSY {
            @Override
            void refuse(Peer peer, RawPdu command) throws IOException {
                peer.commands().status(command, Scsi.BUSY);
            }
        },
        TASK_SET_FULL {
            @Override
            void refuse(Peer peer, RawPdu command) throws IOException {
                peer.commands().status(command, 0x28);
            }
        },
        UNIT_ATTENTION {
            @Override
            void refuse(Peer peer, RawPdu command) throws IOException {
                peer.commands().fail(command, Scsi.UNIT_ATTENTION, 0x2a, 0x02);
            }
        },
        BECOMING_READY {
            @Override
            void refuse(Peer peer, RawPdu command) throws IOException {
                peer.commands().fail(command, 2, 0x04, 0x01);
            }
        };

        abstract void refuse(Peer peer, RawPdu command) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    @Spec(value = "SAM-5 5.3.1", unh = "FFP 16.4.5")
    void everyRequestIsServedWhenItPasses(Storm storm) throws Exception {
        int[] reads = {0};
        Conversation.of(peer -> {
                    peer.numbers().window(REQUESTS);
                    peer.login();
                    // All at once: were the first ones refused before the others are out, those would go one by one.
                    for (RawPdu read : reads(peer, REQUESTS)) {
                        reads[0]++;
                        storm.refuse(peer, read);
                    }
                    for (int i = 0; i < MORE_REFUSALS; i++) {
                        RawPdu read = peer.serveUntil(Op::isRead);
                        reads[0]++;
                        storm.refuse(peer, read);
                    }
                    for (int i = 0; i < REQUESTS; i++) {
                        RawPdu read = peer.serveUntil(Op::isRead);
                        reads[0]++;
                        peer.commands().read(read);
                    }
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    List<CompletableFuture<byte[]>> started = new ArrayList<>();
                    for (int i = 0; i < REQUESTS; i++) {
                        started.add(initiator.startRead((long) i * LENGTH, LENGTH));
                    }
                    for (int i = 0; i < REQUESTS; i++) {
                        assertThat(Initiator.await(started.get(i))).isEqualTo(disk.bytes((long) i * LENGTH, LENGTH));
                    }
                });
        assertThat(reads[0]).isLessThanOrEqualTo(REQUESTS + MORE_REFUSALS + REQUESTS);
    }

    private static List<RawPdu> reads(Peer peer, int count) throws IOException {
        List<RawPdu> reads = new ArrayList<>();
        while (reads.size() < count) {
            reads.add(peer.serveUntil(Op::isRead));
        }
        return reads;
    }
}
