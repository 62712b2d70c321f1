package io.lunbridge.conformance;

import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Whose initiator the scripts are played against: ours, or by {@code -Dlunbridge.conformance.initiator=qemu-nbd}
 * another, to compare. {@code scripts/conformance} does that.
 */
public enum Contestant {
    LUNBRIDGE("lunbridge", Duration.ofSeconds(8)) {
        @Override
        Initiator open(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
            return ProductInitiator.open(target, change);
        }

        @Override
        Initiator openRecovering(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
            return ProductInitiator.openRecovering(target, change);
        }
    },
    QEMU_NBD("qemu-nbd", Duration.ofSeconds(8)) {
        @Override
        Initiator open(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
            return QemuNbdInitiator.open(target, change);
        }

        // What libiscsi always does wrong is found once, by the test that is strict about it.
        @Override
        Script adapted(Script script) {
            return peer -> {
                peer.numbers().tolerateEarlyExpStatSn();
                script.play(peer);
            };
        }
    };

    private static final String PROPERTY = "lunbridge.conformance.initiator";

    /** Whether the test that runs, or ran last, has opened an initiator: if not, it says nothing of another's. */
    private static volatile boolean opened;

    private final String text;
    private final Duration limit;

    Contestant(String text, Duration limit) {
        this.text = text;
        this.limit = limit;
    }

    /** The one of this run. */
    public static Contestant current() {
        String wanted = System.getProperty(PROPERTY, LUNBRIDGE.text);
        for (Contestant contestant : values()) {
            if (contestant.text.equals(wanted)) {
                return contestant;
            }
        }
        throw new IllegalArgumentException(PROPERTY + " is " + wanted);
    }

    /** As the property has it. */
    public String text() {
        return text;
    }

    /** How long a test waits for it. */
    Duration limit() {
        return limit;
    }

    /** To be called before each test. */
    public static void testBegins() {
        opened = false;
    }

    /** Whether an initiator was opened, or was to be, since {@link #testBegins}. */
    public static boolean wasOpened() {
        return opened;
    }

    /** Opens the initiator of this run. */
    static Initiator openCurrent(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
        opened = true;
        return current().open(target, change);
    }

    /** Opens the initiator of this run, to recover from the loss of its session. */
    static Initiator openCurrentRecovering(ScriptedTarget target, UnaryOperator<SessionConfig> change)
            throws Exception {
        opened = true;
        return current().openRecovering(target, change);
    }

    abstract Initiator open(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception;

    /** The same, where a lost session is to be followed by another. */
    Initiator openRecovering(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
        return open(target, change);
    }

    /** The script, changed by what would otherwise hide all else. */
    Script adapted(Script script) {
        return script;
    }
}
