package io.lunbridge.block;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The geometry of a decorator: the lower device's, seen through a function, and kept current. */
final class GeometryView implements GeometryListener {

    private final UnaryOperator<Geometry> view;
    private final List<GeometryListener> listeners = new ArrayList<>(1);
    private Geometry previous;
    private Geometry current;

    private GeometryView(Geometry lower, UnaryOperator<Geometry> view) {
        this.view = view;
        this.current = view.apply(lower);
        this.previous = current;
    }

    static GeometryView of(BlockDevice lower, UnaryOperator<Geometry> view) {
        GeometryView made = new GeometryView(lower.geometry(), view);
        lower.addGeometryListener(made);
        return made;
    }

    Geometry current() {
        return current;
    }

    /** What it was before the last change; the same as now where there was none. */
    Geometry previous() {
        return previous;
    }

    void add(GeometryListener listener) {
        listeners.add(listener);
    }

    @Override
    public void geometryChanged(Geometry lowerBefore, Geometry lowerNow) {
        Geometry before = current;
        Geometry now = view.apply(lowerNow);
        if (before.equals(now)) {
            return;
        }
        previous = before;
        current = now;
        for (GeometryListener listener : List.copyOf(listeners)) {
            listener.geometryChanged(before, now);
        }
    }

    @Override
    public void deviceGone(BlockException cause) {
        for (GeometryListener listener : List.copyOf(listeners)) {
            listener.deviceGone(cause);
        }
    }
}
