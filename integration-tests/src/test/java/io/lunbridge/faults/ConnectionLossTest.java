package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.conformance.Configs;
import io.lunbridge.conformance.Conversation;
import io.lunbridge.conformance.Failures;
import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection ends, by FIN or by RST, at each point of a conversation. */
class ConnectionLossTest {

    private static final int LENGTH = 65536;

    /** How a connection ends. */
    enum End {
        FIN,
        RST;

        void of(Peer peer) throws IOException {
            if (this == RST) {
                peer.reset();
            } else {
                peer.finish();
                peer.expectEnd();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void beforeTheFirstLoginResponse(End end) throws Exception {
        assertRefused(peer -> {
            LoginDialogue.on(peer).request();
            end.of(peer);
        });
    }

    @ParameterizedTest
    @EnumSource
    void betweenTheStagesOfLogin(End end) throws Exception {
        assertRefused(peer -> {
            LoginDialogue login = LoginDialogue.on(peer);
            RawPdu request = login.request();
            login.respond(
                    request,
                    request.flags() & 0x0c,
                    peer.keys().answersTo(request).encoded());
            end.of(peer);
        });
    }

    static IntStream commandsBeforeTheDiskIsOpen() {
        return IntStream.range(0, 8);
    }

    @ParameterizedTest
    @MethodSource("commandsBeforeTheDiskIsOpen")
    void whileTheDiskIsBeingOpened(int answered) throws Exception {
        assertRefused(peer -> {
            peer.login();
            for (int i = 0; i < answered; i++) {
                peer.commands().serve(peer.expect(Op.SCSI_COMMAND));
            }
            peer.expect(Op.SCSI_COMMAND);
            End.FIN.of(peer);
        });
    }

    private static void assertRefused(Script script) throws Exception {
        Exception refusal =
                Conversation.of(script).configured(Configs::impatient).runToRefusal();

        assertThat(refusal.getMessage()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource
    void insteadOfTheAnswerToARead(End end) throws Exception {
        assertReadFails(peer -> {
            peer.login();
            peer.serveUntil(Op::isRead);
            end.of(peer);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 47, 48, 49, 8239, 8240, 8288, 12000})
    void withinDataIn(int bytesSent) throws Exception {
        assertReadFails(peer -> {
            peer.login();
            RawPdu read = peer.serveUntil(Op::isRead);
            byte[] data = peer.disk().bytes(0, LENGTH);
            byte[] first = peer.commands()
                    .dataIn(read, Arrays.copyOf(data, 8192), 0, 0)
                    .encoded();
            byte[] second = peer.commands()
                    .dataIn(read, Arrays.copyOfRange(data, 8192, 16384), 8192, 1)
                    .encoded();
            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            peer.sendBytes(Arrays.copyOf(both, bytesSent));
            End.FIN.of(peer);
        });
    }

    @ParameterizedTest
    @EnumSource
    void betweenDataAndStatus(End end) throws Exception {
        assertReadFails(peer -> {
            peer.login();
            RawPdu read = peer.serveUntil(Op::isRead);
            peer.sendData(peer.commands().dataIn(read, peer.disk().bytes(0, LENGTH), 0, 0));
            end.of(peer);
        });
    }

    @ParameterizedTest
    @EnumSource
    void beforeTheR2T(End end) throws Exception {
        assertWriteFails(peer -> {
            nothingUnasked(peer);
            peer.login();
            peer.serveUntil(Op::isWrite);
            end.of(peer);
        });
    }

    @ParameterizedTest
    @EnumSource
    void withinDataOut(End end) throws Exception {
        assertWriteFails(peer -> {
            nothingUnasked(peer);
            peer.login();
            RawPdu write = peer.serveUntil(Op::isWrite);
            peer.sendUnacknowledged(
                    peer.commands().r2t(write, 1, 0).bufferOffset(0).lastWord(LENGTH));
            peer.nextDataOut();
            end.of(peer);
        });
    }

    @ParameterizedTest
    @EnumSource
    void betweenDataOutAndStatus(End end) throws Exception {
        assertWriteFails(peer -> {
            nothingUnasked(peer);
            peer.login();
            peer.commands().writeData(peer.serveUntil(Op::isWrite));
            end.of(peer);
        });
    }

    @ParameterizedTest
    @EnumSource
    void withManyRequestsInFlightAllFail(End end) throws Exception {
        Conversation.of(peer -> {
                    peer.numbers().window(8);
                    peer.login();
                    peer.serveUntil(Op::isRead);
                    for (int i = 1; i < 8; i++) {
                        peer.expect(Op.SCSI_COMMAND);
                    }
                    end.of(peer);
                })
                .run((initiator, disk) -> {
                    var requests = IntStream.range(0, 50)
                            .mapToObj(i -> i % 3 == 2
                                    ? initiator.startWrite(i * 4096L, new byte[4096])
                                    : initiator.startRead(i * 4096L, 4096))
                            .toList();
                    for (CompletableFuture<byte[]> request : requests) {
                        assertThat(Failures.assertFails(request)).isEqualTo(BlockError.IO);
                    }
                    Failures.assertFails(initiator.startRead(0, 512));
                });
    }

    private static void nothingUnasked(Peer peer) {
        peer.keys().want("ImmediateData", "No").want("InitialR2T", "Yes");
    }

    private static void assertReadFails(Script script) throws Exception {
        Conversation.of(script)
                .run((initiator, disk) -> assertThat(Failures.assertFails(initiator.startRead(0, LENGTH)))
                        .isEqualTo(BlockError.IO));
    }

    private static void assertWriteFails(Script script) throws Exception {
        Conversation.of(script)
                .run((initiator, disk) -> assertThat(Failures.assertFails(initiator.startWrite(0, new byte[LENGTH])))
                        .isEqualTo(BlockError.IO));
    }
}
