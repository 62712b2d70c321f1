"""The HTML report: one file with everything in it, that opens without a network."""

import html
import re

import plots
import report as tables

STYLE = """
body { font: 15px/1.5 "DejaVu Sans", Verdana, sans-serif; color: #222; background: #fff; max-width: 1200px;
  margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }
.wide { overflow-x: auto } svg { max-width: 100%; height: auto }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
th, td { padding: .3em .7em; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
th { white-space: normal; vertical-align: bottom }
th:first-child, td:first-child, #figures :is(th, td):nth-child(2) { text-align: left }
svg { margin-top: 1em } code { background: #f3f3f3; padding: 0 .2em }
.no { color: #a33c00; font-weight: bold }
"""


def write(report, file):
    """Writes it."""
    with open(file, "w", encoding="utf-8") as output:
        output.write(_page(report))


def _page(report):
    sections = [_section("goals", "Goals", _goal_table(report), plots.goals(report))]
    # A guest is so much slower that its bars would not be seen among the others.
    sections.append(_section("throughput", "Throughput", *(bar for bar in (
        plots.bars(report, "Small requests: more is better", "iops", "thousand IOPS", _small, 1e-3),
        plots.bars(report, "Large requests: more is better", "mb_per_second", "MB/s", _large),
        plots.bars(report, "Small requests in a guest: more is better", "iops", "IOPS", _small_in_guest),
        plots.bars(report, "Large requests in a guest: more is better", "mb_per_second", "MB/s", _large_in_guest)))))
    sections.append(_section("latency", "Latency percentiles", plots.percentiles(report)))
    sections.append(_section("cpu", "Processor time of the server", *(bar for bar in (
        plots.bars(report, "Small requests: less is better", "cpu_seconds_per_million",
                   "CPU seconds per million requests", _small),
        plots.bars(report, "Large requests: less is better", "cpu_seconds_per_gib", "CPU seconds per GiB",
                   _large)))))
    sections.append(_section("warm-up", "Warm-up", plots.warm_up(report)))
    sections.append(_section("figures", "All figures", _table(tables.FIGURE_HEADINGS, tables.figure_rows(report))))
    left_out = "".join(f"<p>{html.escape(line)}</p>" for line in report["left_out"])
    return ("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
            f"<title>Lunbridge: speed, {report['date']}</title>\n<style>{STYLE}</style></head>\n"
            "<body>\n<h1>Lunbridge and its peers: speed</h1>\n"
            f"<p>{_circumstances(report)}</p>\n"
            f"{''.join(sections)}{left_out}\n</body></html>\n")


def _circumstances(report):
    return re.sub("`(.*?)`", r"<code>\1</code>", html.escape(tables.circumstances(report)))


def _in_guest(name):
    return name.startswith("uml.")


def _small(name):
    return "-4k-" in name and not _in_guest(name)


def _large(name):
    return "-4k-" not in name and not _in_guest(name)


def _small_in_guest(name):
    return "-4k-" in name and _in_guest(name)


def _large_in_guest(name):
    return "-4k-" not in name and _in_guest(name)


def _section(identity, title, *parts):
    """A heading and what is there of the parts; the heading alone would promise too much."""
    parts = [part for part in parts if part]
    inside = "".join(f"<div class=\"wide\">{part}</div>\n" for part in parts) or "<p>Not measured in this run.</p>\n"
    return f"<section id=\"{identity}\"><h2>{title}</h2>\n{inside}</section>\n"


def _goal_table(report):
    rows = [tables.goal_cells(row) for row in report["goals"]]
    return _table(("ours / qemu-nbd unless another is named", "goal", "reached", "met"), rows) if rows else None


def _table(headings, rows):
    head = "".join(f"<th>{html.escape(text)}</th>" for text in headings)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>\n" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _cell(text):
    """Markdown's bold is the one mark that cells have: what is not met, and ratios."""
    mark = " class=\"no\"" if text == "**no**" else ""
    return f"<td{mark}>{html.escape(text.replace('**', ''))}</td>"
