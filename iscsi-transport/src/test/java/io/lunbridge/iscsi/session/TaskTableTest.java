package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.PduException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules R9 and R10. */
class TaskTableTest {

    private final TaskTable table = new TaskTable(3);

    @Test
    void findsATaskByItsTagUntilItIsOver() throws PduException {
        TestTask task = new TestTask();
        table.add(task);
        int tag = task.initiatorTaskTag();
        assertThat(table.find(tag)).isSameAs(task);
        table.remove(task);
        assertThat(table.find(tag)).isNull();
    }

    @Test
    void aLateAnswerDoesNotFindTheNextUserOfTheSlot() throws PduException {
        TestTask first = new TestTask();
        table.add(first);
        int staleTag = first.initiatorTaskTag();
        table.remove(first);
        TestTask second = new TestTask();
        table.add(second);
        assertThat(second.initiatorTaskTag()).isNotEqualTo(staleTag);
        assertThat(table.find(staleTag)).isNull();
        assertThat(table.find(second.initiatorTaskTag())).isSameAs(second);
    }

    @Test
    void aTagThatWasNeverIssuedIsAnError() {
        TestTask task = new TestTask();
        table.add(task);
        int beyondTheTable = 3;
        int laterGeneration = task.initiatorTaskTag() + (1 << 12);
        for (int tag : new int[] {BasicHeader.RESERVED_TAG, beyondTheTable, laterGeneration}) {
            assertThatThrownBy(() -> table.find(tag)).isInstanceOf(PduException.class);
        }
    }

    @Test
    void neverIssuesTheReservedTagNorOneTwiceInARow() {
        TaskTable largest = new TaskTable(TaskTable.MAX_SLOTS);
        Set<Integer> tags = new HashSet<>();
        for (int i = 0; i < TaskTable.MAX_SLOTS; i++) {
            TestTask task = new TestTask();
            largest.add(task);
            tags.add(task.initiatorTaskTag());
        }
        assertThat(tags).hasSize(TaskTable.MAX_SLOTS).doesNotContain(BasicHeader.RESERVED_TAG);
    }
}
