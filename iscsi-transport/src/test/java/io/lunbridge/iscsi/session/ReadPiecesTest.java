package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The placement by Buffer Offset. */
class ReadPiecesTest {

    private final ReadPieces pieces = new ReadPieces();

    @Test
    void aSinglePieceIsHandedOnAsItIs() {
        ByteBuf piece = text("abcd");
        pieces.add(0, piece);
        assertThat(pieces.take(ByteBufAllocator.DEFAULT)).isSameAs(piece);
        piece.release();
    }

    @Test
    void piecesAreJoinedByOffsetWhateverTheirOrder() {
        pieces.add(4, text("efgh"));
        pieces.add(0, text("ab"));
        pieces.add(10, text("kl"));
        pieces.add(2, text("cd"));
        pieces.add(8, text("ij"));
        ByteBuf all = pieces.take(ByteBufAllocator.DEFAULT);
        assertThat(all.toString(StandardCharsets.US_ASCII)).isEqualTo("abcdefghijkl");
        all.release();
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
