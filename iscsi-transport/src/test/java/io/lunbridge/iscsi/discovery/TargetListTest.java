package io.lunbridge.iscsi.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetListTest {

    private static final TargetAddress ASKED = new TargetAddress("asked.example", 3260, TargetAddress.NO_TAG);

    @Test
    void readsNamesWithTheirPortals() {
        assertThat(parse(
                        "TargetName=iqn.a",
                        "TargetAddress=10.0.0.1:3260,1",
                        "TargetAddress=[2001:db8::1]:3261,2",
                        "TargetName=iqn.b",
                        "TargetAddress=host.example,3"))
                .containsExactly(
                        new DiscoveredTarget(
                                "iqn.a",
                                List.of(
                                        new TargetAddress("10.0.0.1", 3260, 1),
                                        new TargetAddress("2001:db8::1", 3261, 2))),
                        new DiscoveredTarget("iqn.b", List.of(new TargetAddress("host.example", 3260, 3))));
    }

    @Test
    void aTargetWithoutAddressIsWhereItWasAskedFor() {
        assertThat(parse("TargetName=iqn.a")).containsExactly(new DiscoveredTarget("iqn.a", List.of(ASKED)));
    }

    @Test
    void passesOverWhatItCannotReadAndWhatComesTwice() {
        assertThat(parse(
                        "TargetAddress=10.0.0.9:1,1",
                        "TargetName=iqn.a",
                        "TargetAddress=[2001:db8::1",
                        "TargetAddress=10.0.0.1:3260,1",
                        "X-vendor=1",
                        "TargetAddress=10.0.0.1:3260,1"))
                .containsExactly(new DiscoveredTarget("iqn.a", List.of(new TargetAddress("10.0.0.1", 3260, 1))));
        assertThat(parse()).isEmpty();
    }

    @Test
    void anAnswerThatNegotiatesIsNone() {
        assertThatThrownBy(() -> TargetList.parse(
                        Unpooled.copiedBuffer("TargetName=iqn.a\0MaxBurstLength=512\0", StandardCharsets.UTF_8), ASKED))
                .isInstanceOf(NegotiationException.class)
                .hasMessageContaining("MaxBurstLength");
        assertThat(parse("TargetName=iqn.a", "TargetAlias=a", "TargetPortalGroupTag=1"))
                .hasSize(1);
    }

    private static List<DiscoveredTarget> parse(String... pairs) {
        String text = String.join("\0", pairs) + "\0";
        try {
            return TargetList.parse(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), ASKED);
        } catch (NegotiationException e) {
            throw new AssertionError(e);
        }
    }
}
