"""The outcome as one dictionary, which is the JSON, and as Markdown tables: of goals, and of all figures."""

import datetime
import json
import os
import re
import statistics

import goals
import measures
from scratch import BenchError

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
TOOLS = ("fio", "qemu-nbd", "nbdkit", "tgtd", "java")
GUEST = (" In the User Mode Linux guest (one CPU for all in it): 3 pairs of 2 s, after 30 s of load on ours for the JVM's "
         "compiler.")
VARIANTS = {"libiscsi": "against libiscsi", "readahead": "read-ahead", "misses": "cache misses", "16-luns": "16 LUNs"}
# measure, heading, form
FIGURES = (("iops", "IOPS", "%.0f"), ("mb_per_second", "MB/s", "%.0f"), ("mean_us", "mean µs", "%.0f"),
           ("p99_us", "p99 µs", "%.0f"), ("cpu_seconds_per_million", "CPU s per million", "%.2f"),
           ("cpu_seconds_per_gib", "CPU s per GiB", "%.2f"), ("peak_rss_mib", "peak RSS MiB", "%.0f"),
           ("system_calls", "system calls per request", "%.2f"))


def collected(options, runs, command):
    """All that is known after the runs; plain lists and dictionaries."""
    outcomes = runs.outcomes()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        # A report is passed on: a URL's secret is not.
        "command": re.sub(r"(iscsi://[^/@]*)%[^/@]*@", r"\1%***@", command),
        "elsewhere": bool(options.url),
        "machine": measures.machine(),
        "versions": measures.versions(TOOLS),
        "seconds": options.seconds,
        "pairs": options.pairs,
        # With another Lunbridge in its place the goals say nothing.
        "qemu_nbd_is": options.against or "qemu-nbd",
        "goals": [] if options.against else goals.judged(outcomes),
        "workloads": runs.results,
        "warm_up": runs.warm_ups,
        "left_out": runs.left_out,
    }


def shown(report, contender):
    """The name of a contender as tables and plots have it."""
    return contender.replace("qemu-nbd", os.path.basename(os.path.dirname(os.path.dirname(
        os.path.abspath(report["qemu_nbd_is"])))) + " (other)") if report["qemu_nbd_is"] != "qemu-nbd" else contender


def described(workload):
    """The name of a workload for people, in two lines."""
    said = re.fullmatch(r"(\w+)\.(rand)?(read|write)-(\d+)([km])-(\d+)(?:\.(.*))?", workload)
    if not said:
        return workload
    lun, random, what, size, unit, depth, variant = said.groups()
    where = {"null": "null LUN", "ram": "tmpfs LUN", "lun": "this LUN", "uml": "device in a guest"}.get(lun, lun)
    return (f"{size} {'KiB' if unit == 'k' else 'MiB'} {'random ' if random else ''}{what}, depth {depth}\n"
            f"{where}{', ' + VARIANTS.get(variant, variant) if variant else ''}")


def circumstances(report):
    """Where and how, in one paragraph."""
    machine, versions = report["machine"], report["versions"]
    where = "the target is elsewhere" if report["elsewhere"] else "target, servers and fio on the same machine"
    tools = "; ".join(text if tool in text else f"{tool} {text}" for tool, text in versions.items() if text)
    return (f"{report['date']}, {machine['processor']}, {machine['processors']} processors, "
            f"{machine['memory_gib']} GiB, {machine['kernel']}; {tools}. `{report['command']}`: "
            f"{report['pairs']} alternating pairs of {report['seconds']} s, {where}. "
            "The median of the pairs, lowest to highest." + (GUEST if _has_guest(report) else ""))


def _has_guest(report):
    return any(name.startswith("uml.") for name in report["workloads"])


def goal_cells(row):
    """Goal, bound, outcome, met or not."""
    reached = f"{row['median']:.2f}"
    if row["lowest"] != row["highest"]:
        reached += f" ({row['lowest']:.2f} to {row['highest']:.2f})"
    return row["goal"], row["bound"], reached, "yes" if row["met"] else "**no**"


def goal_table(report):
    """Markdown of the goals; empty where none applies."""
    if not report["goals"]:
        return ""
    lines = ["| what (ours / qemu-nbd unless another is named) | goal | reached | met |", "|---|--:|--:|---|"]
    lines += ["| " + " | ".join(goal_cells(row)) + " |" for row in report["goals"]]
    return "\n".join(lines)


def median(runs, measure):
    """Over the pairs; None where nobody measured it."""
    values = [run[measure] for run in runs if run.get(measure) is not None]
    return statistics.median(values) if values else None


def ratio_text(report, workload):
    """IOPS of the first contender by those of the second: the median of the pairs, and how far they lie apart."""
    several = list(report["workloads"][workload].values())
    if len(several) < 2:
        return ""
    ratios = sorted(a["iops"] / b["iops"] for a, b in zip(several[0], several[1]))
    return f"**{statistics.median(ratios):.2f}** ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def figure_rows(report):
    """A row for each workload and contender: name, contender, the figures, and on a workload's first row its ratio."""
    for workload, contenders in report["workloads"].items():
        for number, (contender, runs) in enumerate(contenders.items()):
            cells = [workload if number == 0 else "", shown(report, contender)]
            for measure, _, form in FIGURES:
                value = median(runs, measure)
                cells.append("" if value is None else form % value)
            yield [*cells, ratio_text(report, workload) if number == 0 else ""]


FIGURE_HEADINGS = ("run", "who", *(heading for _, heading, _ in FIGURES), "IOPS, first / second")


def typical(starts):
    """The start that took neither longest nor shortest."""
    return sorted(starts, key=lambda start: start["seconds"])[len(starts) // 2]


def markdown(report):
    """All of it, as standard output has it."""
    parts = [circumstances(report), goal_table(report)]
    if report["workloads"]:
        lines = ["| " + " | ".join(FIGURE_HEADINGS) + " |", "|---|---|" + "--:|" * (len(FIGURE_HEADINGS) - 2)]
        parts.append("\n".join(lines + ["| " + " | ".join(row) + " |" for row in figure_rows(report)]))
    for contender, starts in report["warm_up"].items():
        warm = typical(starts)
        parts.append(f"{shown(report, contender)}: {warm['seconds']:.1f} s from its first request to 90 % of its "
                     "steady IOPS (4 KiB random reads, depth 32).")
    parts += report["left_out"]
    return "\n\n".join(part for part in parts if part)


def write_json(report, file):
    """The whole, for programs."""
    with open(file, "w", encoding="utf-8") as output:
        json.dump(report, output, indent=1)
        output.write("\n")


def write_readme(report, file):
    """Puts the table of goals between the two markers."""
    with open(file, encoding="utf-8") as readme:
        text = readme.read()
    if BEGIN not in text or END not in text:
        raise BenchError(f"{file} has no lines {BEGIN} and {END} for the table to stand between")
    table = f"{BEGIN}\n{circumstances(report)}\n\n{goal_table(report)}\n{END}"
    with open(file, "w", encoding="utf-8") as readme:
        readme.write(re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: table, text, flags=re.DOTALL))
