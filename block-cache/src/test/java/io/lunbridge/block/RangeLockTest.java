package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RangeLockTest {

    private final RangeLock lock = new RangeLock();
    private final List<String> granted = new ArrayList<>();

    @Test
    void sharedClaimsGoTogetherAndExclusiveOnesAlone() {
        acquire("a", 0, 10, false);
        acquire("b", 5, 15, false);
        Wish c = acquire("c", 9, 12, true);
        acquire("d", 15, 20, true);
        assertThat(granted).containsExactly("a", "b", "d");
        assertThat(c.refusal).isNull();
    }

    @Test
    void nobodyOvertakesAnOverlappingOlderClaim() {
        Wish holder = acquire("holder", 0, 10, false);
        Wish exclusive = acquire("exclusive", 5, 15, true);
        acquire("shared with the holder, behind the exclusive", 4, 6, false);
        acquire("behind the exclusive only", 12, 14, false);
        acquire("beside", 0, 4, false);
        assertThat(granted).containsExactly("holder", "beside");
        lock.release(holder);
        assertThat(granted).endsWith("exclusive");
        lock.release(exclusive);
        assertThat(granted).endsWith("shared with the holder, behind the exclusive", "behind the exclusive only");
    }

    @Test
    void claimsOnOneBlockAreServedInTheirOrder() {
        Wish first = acquire("0", 0, 512, true);
        List<Wish> others = new ArrayList<>();
        for (int i = 1; i < 10; i++) {
            others.add(acquire(Integer.toString(i), 0, 512, true));
        }
        lock.release(first);
        others.forEach(lock::release);
        assertThat(granted).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void neighboursDoNotTouch() {
        acquire("left", 0, 512, true);
        acquire("right", 512, 1024, true);
        assertThat(granted).containsExactly("left", "right");
    }

    private Wish acquire(String name, long startBytes, long endBytes, boolean exclusive) {
        Wish wish = new Wish(name);
        wish.claim(startBytes, endBytes, exclusive);
        if (lock.acquire(wish) == RangeLock.Outcome.GRANTED) {
            granted.add(name);
        }
        return wish;
    }

    private final class Wish extends RangeLock.Claim {

        private final String name;
        private @Nullable BlockException refusal;

        Wish(String name) {
            this.name = name;
        }

        @Override
        void granted() {
            granted.add(name);
        }

        @Override
        void refused(BlockException cause) {
            refusal = cause;
        }
    }
}
