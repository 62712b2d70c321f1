package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.iscsi.pdu.PduException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Rule R14 and the placement by Buffer Offset. */
class ReadPiecesTest {

    private final ReadPieces pieces = new ReadPieces();

    @Test
    void aSinglePieceIsHandedOnAsItIs() throws PduException {
        ByteBuf piece = text("abcd");
        pieces.add(0, piece);
        assertThat(pieces.take(ByteBufAllocator.DEFAULT)).isSameAs(piece);
        piece.release();
    }

    @Test
    void piecesAreJoinedByOffsetWhateverTheirOrder() throws PduException {
        pieces.add(4, text("efgh"));
        pieces.add(0, text("ab"));
        pieces.add(10, text("kl"));
        pieces.add(2, text("cd"));
        assertThat(pieces.isContiguous()).isFalse();
        pieces.add(8, text("ij"));
        assertThat(pieces.isContiguous()).isTrue();
        assertThat(pieces.receivedBytes()).isEqualTo(12);
        ByteBuf all = pieces.take(ByteBufAllocator.DEFAULT);
        assertThat(all.toString(StandardCharsets.US_ASCII)).isEqualTo("abcdefghijkl");
        all.release();
        assertThat(pieces.receivedBytes()).isZero();
    }

    @Test
    void noByteComesTwice() throws PduException {
        pieces.add(4, text("efgh"));
        for (int offset : new int[] {1, 4, 6, 7}) {
            ByteBuf twice = text("xxxx");
            assertThatThrownBy(() -> pieces.add(offset, twice)).isInstanceOf(PduException.class);
            assertThat(twice.refCnt()).isZero();
        }
        pieces.add(0, text("abcd"));
        pieces.add(8, text("ijkl"));
        pieces.release();
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
