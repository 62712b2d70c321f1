"""Plots as SVG text, by matplotlib without a screen."""

import io
import re
import statistics

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FuncFormatter  # noqa: E402

from report import described, median, shown, typical  # noqa: E402

# Okabe and Ito's colours, which nearly all colour-blind people can tell apart; hatches for paper in black and white.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#999999")
HATCHES = ("", "//", "..", "xx", "\\\\", "", "", "", "--", "++", "xx")
MARKERS = "osD^vP*XhpH"
OURS, PEER = COLOURS[0], COLOURS[1]
PERCENTILES = (("p50_us", "50"), ("p90_us", "90"), ("p99_us", "99"), ("p999_us", "99.9"))
WIDTH = 9.5

plt.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "lunbridge", "font.size": 10, "font.family": "DejaVu Sans",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": "#dddddd",
    "axes.axisbelow": True, "axes.titleweight": "bold", "axes.titlesize": 11, "legend.frameon": False,
    "hatch.linewidth": 0.6,
})


def svg(figure):
    """The figure as an <svg> element that names nothing outside itself."""
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    element = text.getvalue()
    element = element[element.index("<svg"):]
    element = re.sub(r"<metadata>.*?</metadata>", "", element, flags=re.DOTALL)
    # HTML knows what an <svg> is without its name spaces.
    return re.sub(r'\s+xmlns(:xlink)?="[^"]*"', "", element)


def _styles(report):
    """A colour and a hatch for each contender, the same in all plots."""
    names = list(dict.fromkeys(name for several in report["workloads"].values() for name in several))
    fixed = [name for name in ("lunbridge", "qemu-nbd", "kernel initiator") if name in names]
    names = fixed + [name for name in names if name not in fixed]
    return {name: (COLOURS[i % len(COLOURS)], HATCHES[i % len(HATCHES)]) for i, name in enumerate(names)}


def _having(report, measure, wanted):
    """Names of the workloads, of those wanted, that somebody has the measure of."""
    return [name for name, several in report["workloads"].items()
            if wanted(name) and any(median(runs, measure) is not None for runs in several.values())]


def bars(report, title, measure, unit, wanted, scale=1.0):
    """Horizontal bars, a group for each workload; whiskers from the lowest to the highest run. None without any."""
    names, styles = _having(report, measure, wanted), _styles(report)
    if not names:
        return None
    labels, places, at = [], [], 0.0
    figure, axes = plt.subplots(figsize=(WIDTH, 1.0))
    told = set()
    for name in names:
        first = at
        for contender, runs in report["workloads"][name].items():
            values = [run[measure] * scale for run in runs if run.get(measure) is not None]
            if not values:
                continue
            _bar(axes, at, values, styles[contender], None if contender in told else shown(report, contender))
            told.add(contender)
            at += 1
        labels.append(described(name))
        places.append((first + at - 1) / 2)
        at += 0.7
    figure.set_figheight(0.9 + 0.27 * at)
    axes.set_yticks(places, labels)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(unit)
    axes.set_xlim(0, axes.get_xlim()[1] * 1.08)
    axes.set_title(title, loc="left")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return svg(figure)


def _bar(axes, place, values, style, label):
    middle = statistics.median(values)
    axes.barh(place, middle, height=0.9, color=style[0], hatch=style[1], edgecolor="white", label=label)
    if len(values) > 1:
        axes.errorbar(middle, place, xerr=[[middle - min(values)], [max(values) - middle]], color="#333333", capsize=2,
                      linewidth=1)
    text = f"{middle:.0f}" if middle >= 100 else f"{middle:.3g}"
    axes.annotate(text, (max(values), place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)


def percentiles(report):
    """Latency at four percentiles, a panel for each workload of 4 KiB; each on a scale of its own, logarithmic."""
    # One line alone compares nothing.
    def several(name):
        return sum(1 for runs in report["workloads"][name].values() if runs[0].get("p99_us")) > 1

    names, styles = _having(report, "p99_us", lambda name: "-4k-" in name and several(name)), _styles(report)
    if not names:
        return None
    columns = min(3, len(names))
    rows = (len(names) + columns - 1) // columns
    figure, grid = plt.subplots(rows, columns, figsize=(WIDTH * columns / 3 + 1, 2.8 * rows), squeeze=False)
    drawn = {}
    for axes, name in zip(grid.flat, names):
        for contender, runs in report["workloads"][name].items():
            values = [median(runs, key) for key, _ in PERCENTILES]
            if values[0] is None:
                continue
            number = list(styles).index(contender)
            line, = axes.plot([text for _, text in PERCENTILES], values, color=styles[contender][0],
                              marker=MARKERS[number % len(MARKERS)], linestyle="-" if number < len(COLOURS) else "--")
            drawn.setdefault(contender, line)
        _percentile_axes(axes, name)
    for axes in list(grid.flat)[len(names):]:
        axes.set_visible(False)
    figure.suptitle("Latency: lower is better", x=0.02, ha="left", fontweight="bold", fontsize=11)
    figure.tight_layout()
    figure.legend(drawn.values(), [shown(report, name) for name in drawn], loc="upper left",
                  bbox_to_anchor=(0.02, 0.01), ncol=min(4, len(drawn)))
    return svg(figure)


def _percentile_axes(axes, name):
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    # At least one decade, else the axis has no labelled line.
    axes.set_ylim(low / 1.3, max(high * 1.3, low * 10))
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_major_formatter(plain)
    axes.yaxis.set_minor_formatter(FuncFormatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "25" else ""))
    axes.tick_params(axis="y", which="both", labelsize=8)
    axes.set_title(described(name), fontsize=8)
    axes.set_xlabel("percentile", fontsize=9)
    axes.set_ylabel("µs", fontsize=9)


def goals(report):
    """How far each goal is reached: 1 is the goal, whichever side is the better one."""
    rows = report["goals"]
    if not rows:
        return None
    figure, axes = plt.subplots(figsize=(WIDTH - 2.5, 0.9 + 0.27 * len(rows)))
    for place, row in enumerate(rows):
        reached = sorted(_reached(row, row[key]) for key in ("median", "lowest", "highest"))
        middle = _reached(row, row["median"])
        colour = OURS if row["met"] else COLOURS[5]
        axes.plot([reached[0], reached[-1]], [place, place], color=colour, linewidth=2, alpha=0.6)
        axes.plot([middle], [place], marker="o" if row["met"] else "X", color=colour, markersize=7)
    axes.axvline(1, color="#333333", linewidth=1)
    axes.set_xscale("log", base=2)
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.5), max(high, 2))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_yticks(range(len(rows)), [f"{row['goal']}:  {row['bound']}" for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("times the goal; from 1 on it is met (circle), below it is not (cross)")
    axes.set_title("Goals", loc="left")
    return svg(figure)


def _reached(row, value):
    return value / row["bound_value"] if row["more_is_better"] else row["bound_value"] / max(value, 1e-9)


def warm_up(report):
    """IOPS of servers that have just started, over time."""
    if not report["warm_up"]:
        return None
    figure, axes = plt.subplots(figsize=(WIDTH - 2, 3))
    for (contender, starts), colour in zip(report["warm_up"].items(), COLOURS):
        warm = typical(starts)
        axes.plot([millis / 1000 for millis, _ in warm["samples"]], [iops / 1000 for _, iops in warm["samples"]],
                  color=colour, label=f"{shown(report, contender)}: 90 % after {warm['seconds']:.1f} s",
                  linestyle="-" if colour == OURS else "--")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("seconds since the first request")
    axes.set_ylabel("thousand IOPS")
    axes.set_title("Warm-up: 4 KiB random reads at depth 32", loc="left")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.18), ncol=2)
    return svg(figure)
