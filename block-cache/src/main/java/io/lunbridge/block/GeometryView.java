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

    /** Of a lower device that is not there yet: what it was when somebody saw it last. */
    static GeometryView remembered(Geometry known) {
        return new GeometryView(known, geometry -> geometry);
    }

    /** The lower device is there: whoever listens is told at once if it is not what was remembered. */
    void follow(BlockDevice lower) {
        lower.addGeometryListener(this);
        geometryChanged(current, lower.geometry());
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
    public void contentDoubtful() {
        for (GeometryListener listener : List.copyOf(listeners)) {
            listener.contentDoubtful();
        }
    }

    @Override
    public void deviceGone(BlockException cause) {
        for (GeometryListener listener : List.copyOf(listeners)) {
            listener.deviceGone(cause);
        }
    }
}
