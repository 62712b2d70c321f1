package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules R1 to R4. */
class CommandWindowTest {

    @Test
    void opensAndCloses() {
        CommandWindow window = new CommandWindow(10);
        assertThat(window.isOpen()).isTrue();
        assertThat(window.take()).isEqualTo(10);
        assertThat(window.isOpen()).isFalse();
        window.update(11, 12);
        assertThat(window.take()).isEqualTo(11);
        assertThat(window.take()).isEqualTo(12);
        assertThat(window.isOpen()).isFalse();
        assertThat(window.next()).isEqualTo(13);
    }

    @Test
    void neverShrinks() {
        CommandWindow window = new CommandWindow(10);
        window.update(10, 20);
        window.update(9, 15);
        for (int i = 10; i <= 20; i++) {
            assertThat(window.isOpen()).isTrue();
            window.take();
        }
        assertThat(window.isOpen()).isFalse();
        assertThat(window.expected()).isEqualTo(10);
    }

    @Test
    void ignoresAnImpossiblePair() {
        CommandWindow window = new CommandWindow(10);
        window.update(30, 28);
        assertThat(window.expected()).isEqualTo(10);
        window.update(10, 9);
        assertThat(window.isOpen()).isTrue();
    }

    @Test
    void wrapsAround() {
        CommandWindow window = new CommandWindow(0xffff_fffe);
        window.update(0xffff_fffe, 1);
        for (int expected : new int[] {-2, -1, 0, 1}) {
            assertThat(window.isOpen()).isTrue();
            assertThat(window.take()).isEqualTo(expected);
        }
        assertThat(window.isOpen()).isFalse();
        window.update(2, 2);
        assertThat(window.isOpen()).isTrue();
    }
}
