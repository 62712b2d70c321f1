package io.lunbridge.nbd.handshake;

import static io.lunbridge.nbd.handshake.HandshakeHarness.FIXED;
import static io.lunbridge.nbd.wire.Options.ACK;
import static io.lunbridge.nbd.wire.Options.ERR_INVALID;
import static io.lunbridge.nbd.wire.Options.ERR_TOO_BIG;
import static io.lunbridge.nbd.wire.Options.ERR_UNKNOWN;
import static io.lunbridge.nbd.wire.Options.LIST_META_CONTEXT;
import static io.lunbridge.nbd.wire.Options.META_CONTEXT;
import static io.lunbridge.nbd.wire.Options.SET_META_CONTEXT;
import static io.lunbridge.nbd.wire.Options.STRUCTURED_REPLY;
import static io.lunbridge.nbd.wire.Options.go;
import static io.lunbridge.nbd.wire.Options.metaContext;
import static io.lunbridge.nbd.wire.Options.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Options.OptionReply;
import io.lunbridge.nbd.wire.Reply;
import io.lunbridge.nbd.wire.Requests;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LIST_META_CONTEXT and SET_META_CONTEXT, and what they mean for BLOCK_STATUS. */
class MetaContextsTest {

    private static final String ALLOCATION = "base:allocation";

    private final HandshakeHarness server = HandshakeHarness.greeted(FIXED);

    @BeforeEach
    void negotiateStructuredReplies() {
        server.send(option(STRUCTURED_REPLY));
        server.replies();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void needsStructuredRepliesFirst() {
        try (HandshakeHarness early = HandshakeHarness.greeted(FIXED)) {
            early.send(metaContext(LIST_META_CONTEXT, "disk"), metaContext(SET_META_CONTEXT, "disk", ALLOCATION));
            assertThat(early.replies()).extracting(OptionReply::type).containsExactly(ERR_INVALID, ERR_INVALID);
        }
    }

    @Test
    void selectedContextServesBlockStatus() {
        server.send(metaContext(SET_META_CONTEXT, "disk", "x-other:thing", ALLOCATION, "base:unheard-of", ALLOCATION));
        assertThat(server.replies())
                .satisfiesExactly(
                        context -> {
                            assertThat(context.type()).isEqualTo(META_CONTEXT);
                            assertThat(context.data())
                                    .isEqualTo(
                                            new Bytes().u32(1).text(ALLOCATION).toArray());
                        },
                        last -> assertThat(last.type()).isEqualTo(ACK));
        assertThat(statusErrorAfterGo("disk")).isZero();
    }

    @Test
    void nothingIsSelectedWithoutQueriesOrByAWildcard() {
        server.send(metaContext(SET_META_CONTEXT, "disk"), metaContext(SET_META_CONTEXT, "disk", "base:"));
        assertThat(server.replies()).extracting(OptionReply::type).containsExactly(ACK, ACK);
        assertThat(statusErrorAfterGo("disk")).isEqualTo(22);
    }

    @Test
    void selectionForAnotherExportDoesNotCount() {
        server.send(metaContext(SET_META_CONTEXT, "zweite Füllung", ALLOCATION));
        server.replies();
        assertThat(statusErrorAfterGo("disk")).isEqualTo(22);
    }

    @Test
    void lastSelectionReplacesEarlierOnesEvenIfItFails() {
        server.send(
                metaContext(SET_META_CONTEXT, "disk", ALLOCATION), metaContext(SET_META_CONTEXT, "nobody", ALLOCATION));
        assertThat(server.replies()).extracting(OptionReply::type).containsExactly(META_CONTEXT, ACK, ERR_UNKNOWN);
        assertThat(statusErrorAfterGo("disk")).isEqualTo(22);
    }

    @Test
    void tooLongSelectionClearsToo() {
        server.send(metaContext(SET_META_CONTEXT, "disk", ALLOCATION));
        server.send(option(SET_META_CONTEXT, new byte[HandshakeHandler.OPTION_BYTES_MAX + 1]));
        assertThat(server.replies()).extracting(OptionReply::type).containsExactly(META_CONTEXT, ACK, ERR_TOO_BIG);
        assertThat(statusErrorAfterGo("disk")).isEqualTo(22);
    }

    @Test
    void listingDoesNotSelect() {
        server.send(metaContext(LIST_META_CONTEXT, "disk"), metaContext(LIST_META_CONTEXT, "disk", "base:"));
        server.send(metaContext(LIST_META_CONTEXT, "disk", ALLOCATION));
        assertThat(server.replies())
                .extracting(OptionReply::type)
                .containsExactly(META_CONTEXT, ACK, META_CONTEXT, ACK, META_CONTEXT, ACK);
        server.send(metaContext(LIST_META_CONTEXT, "disk", "qemu:", "base:dirty"));
        assertThat(server.replies()).extracting(OptionReply::type).containsExactly(ACK);
        assertThat(statusErrorAfterGo("disk")).isEqualTo(22);
    }

    @ParameterizedTest
    @ValueSource(ints = {LIST_META_CONTEXT, SET_META_CONTEXT})
    void malformedQueriesAreInvalid(int code) {
        server.send(metaContext(code, "disk", "no namespace"));
        server.send(metaContext(code, "disk", ":empty"));
        server.send(option(
                code, new Bytes().counted("disk").u32(2).counted(ALLOCATION).toArray()));
        server.send(option(code, new Bytes().counted("disk").u32(0).u32(0).toArray()));
        server.send(option(
                code,
                new Bytes().counted("disk").u32(1).u32(1000).text(ALLOCATION).toArray()));
        server.send(option(code, new Bytes().u32(-1).toArray()));
        server.send(option(code, new byte[0]));
        assertThat(server.replies()).hasSize(7).extracting(OptionReply::type).containsOnly(ERR_INVALID);
    }

    @Test
    void tooManyQueriesAreTooBig() {
        String[] queries = Collections.nCopies(1025, "x-a:").toArray(String[]::new);
        server.send(metaContext(SET_META_CONTEXT, "disk", queries));
        assertThat(server.reply().type()).isEqualTo(ERR_TOO_BIG);
        assertThat(server.isOpen()).isTrue();
    }

    private int statusErrorAfterGo(String export) {
        server.send(go(export));
        server.replies();
        server.send(Requests.blockStatus(0, 1, 0, 512));
        return Reply.all(server.bytes(), Map.of()).get(0).error();
    }
}
