package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what it is told, and leaves verdicts to the test. */
final class TestMember implements NexusMember {

    final List<String> told = new ArrayList<>();
    private @Nullable Verdict verdict;
    private @Nullable Session checked;

    /** What it was told since the last call. */
    List<String> news() {
        List<String> news = List.copyOf(told);
        told.clear();
        return news;
    }

    /** The answer to the latest question. */
    Verdict verdict() {
        if (verdict == null) {
            throw new AssertionError("not asked");
        }
        return verdict;
    }

    @Override
    public void sessionLost(IscsiException cause) {
        told.add("lost");
    }

    @Override
    public void revalidate(Session session, Verdict answer) {
        told.add("asked");
        checked = session;
        verdict = answer;
    }

    @Override
    public void resumed(Session session) {
        told.add(session == checked ? "resumed" : "resumed on a session that was not checked");
    }

    @Override
    public void failFast(String why) {
        told.add("failed");
    }

    @Override
    public void gone(String why) {
        told.add("gone");
    }
}
