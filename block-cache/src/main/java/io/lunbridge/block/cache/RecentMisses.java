package io.lunbridge.block.cache;

/**
 * Remembers, roughly, which pages were asked for and not found lately. A full cache takes in only what is missed twice:
 * copying a page that nobody asks for again, and throwing out another for it, costs more than the second miss. Confined
 * to one loop.
 */
final class RecentMisses {

    private static final int MAX_ENTRIES = 1 << 18;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    /** At its hash, the mark of the last page that was missed there. */
    private final int[] marks;

    RecentMisses(int pages) {
        int entries = Math.min(MAX_ENTRIES, Math.max(64, 2 * Integer.highestOneBit(Math.max(1, pages))));
        marks = new int[entries];
    }

    /** Whether the page was noted before and by no other since; notes it. */
    boolean noteAgain(long page) {
        long hash = (page + 1) * SPREAD;
        int index = (int) (hash >>> Integer.SIZE) & (marks.length - 1);
        int mark = (int) (hash ^ page) | 1;
        boolean again = marks[index] == mark;
        marks[index] = mark;
        return again;
    }
}
