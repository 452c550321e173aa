#!/usr/bin/env python3
"""Draws the panels of dashboard.json from the results of their queries to a Prometheus server.

    python3 -m venv v && v/bin/pip install matplotlib
    v/bin/python grafana/picture.py --prometheus http://127.0.0.1:9090 --minutes 7 -o dashboard.png

This is not a screenshot of Grafana: it sends the queries of the file to Prometheus and draws the results
with matplotlib, in the layout of the file. The legends omit series that are always zero.
"""

import argparse
import json
import math
import pathlib
import time
import urllib.parse
import urllib.request
from datetime import datetime

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as dates  # noqa: E402
import matplotlib.pyplot as plot  # noqa: E402

HERE = pathlib.Path(__file__).parent
BACK, PANEL, TEXT, FAINT = "#111217", "#181b1f", "#ccccdc", "#2c3036"
COLOURS = ["#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#8ab8ff", "#c0d8ff"]


class Source:
    def __init__(self, url, minutes, job, end):
        self.url, self.seconds, self.job = url, minutes * 60, job
        self.end = end or time.time()

    def fill(self, query):
        for variable, value in (
            ("$__rate_interval", "30s"),
            ("$__range", f"{self.seconds}s"),
            ("$job", self.job),
            ("$instance", ".*"),
            ("$application", ".*"),
        ):
            query = query.replace(variable, value)
        return query

    def get(self, path, **parameters):
        with urllib.request.urlopen(f"{self.url}{path}?{urllib.parse.urlencode(parameters)}") as got:
            return json.load(got)["data"]["result"]

    def now(self, query):
        return self.get("/api/v1/query", query=self.fill(query), time=self.end)

    def range(self, query):
        begin, step = self.end - self.seconds, max(2, self.seconds // 150)
        return self.get(
            "/api/v1/query_range", query=self.fill(query), start=begin, end=self.end, step=step
        )


def legend(target, series):
    text = target.get("legendFormat", "")
    for name, value in series["metric"].items():
        text = text.replace("{{" + name + "}}", value)
    return text


def number(value, unit, mappings=()):
    for mapping in mappings:
        option = mapping["options"].get(f"{value:g}")
        if option:
            return option["text"]
    if not math.isfinite(value):
        return "no data"
    if unit == "percentunit":
        return f"{100 * value:.1f} %"
    if unit == "dateTimeAsIso":
        return datetime.fromtimestamp(value / 1000).strftime("%Y-%m-%d %H:%M")
    if unit == "s":
        for size, name in ((60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")):
            if value >= size:
                return f"{value / size:.3g} {name}"
        return "0 s"
    if unit == "bytes":
        for size, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
            if value >= size:
                return f"{value / size:.3g} {name}"
        return f"{value:.0f} B"
    suffix = {"reqps": " req/s", "ops": " /s"}.get(unit, "")
    return f"{value:,.0f}{suffix}" if value >= 100 or value == int(value) else f"{value:.3g}{suffix}"


def draw_stat(axes, panel, source):
    axes.axis("off")
    defaults = panel["fieldConfig"]["defaults"]
    target = panel["targets"][0]
    found = source.now(target["expr"])
    lines = []
    for series in found:
        value = float(series["value"][1])
        shown = number(value, defaults["unit"], defaults.get("mappings", ()))
        name = legend(target, series)
        lines.append(name if panel["options"]["textMode"] == "name" else f"{name}\n{shown}".strip())
    colour = "#73bf69"
    for step in defaults["thresholds"]["steps"]:
        if found and step["value"] is not None and float(found[0]["value"][1]) >= step["value"]:
            colour = {"green": "#73bf69", "orange": "#ff9830", "red": "#f2495c"}[step["color"]]
    size = 22 if len(lines) == 1 and "\n" not in lines[0] and len(lines[0]) < 20 else 11
    text = "\n".join(lines) if lines else "no data"
    axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=size, color=colour if lines else TEXT)


def draw_lines(axes, panel, source):
    defaults = panel["fieldConfig"]["defaults"]
    drawn = []
    for target in panel["targets"]:
        for series in source.range(target["expr"]):
            points = [(float(t), float(v)) for t, v in series["values"]]
            points = [(t, v if math.isfinite(v) else math.nan) for t, v in points]
            drawn.append((legend(target, series), points))
    isStacked = defaults["custom"]["stacking"]["mode"] == "normal"
    floor = {}
    for i, (name, points) in enumerate(drawn):
        colour = COLOURS[i % len(COLOURS)]
        at = [datetime.fromtimestamp(t) for t, _ in points]
        low = [floor.get(t, 0) if isStacked else 0 for t, _ in points]
        high = [base + v for base, (_, v) in zip(low, points)]
        isNamed = len(drawn) == 1 or any(v and v == v for _, v in points)
        axes.plot(at, high, color=colour, linewidth=1, label=name if isNamed else None)
        axes.fill_between(at, low, high, color=colour, alpha=0.25 if isStacked else 0.08, linewidth=0)
        floor.update({t: top for (t, _), top in zip(points, high)})
    axes.set_ylim(bottom=0, top=1.05 if defaults.get("max") == 1 else None)
    axes.yaxis.set_major_formatter(lambda v, _: number(v, defaults["unit"]))
    if axes.get_legend_handles_labels()[1]:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.13), ncol=3, fontsize=6, frameon=False,
            labelcolor=TEXT, handlelength=1, columnspacing=1,
        )


def draw_heat(axes, panel, source):
    found = source.range(panel["targets"][0]["expr"])
    found.sort(key=lambda series: float(series["metric"]["le"].replace("+Inf", "inf")))
    times = sorted({float(t) for series in found for t, _ in series["values"]})
    below = dict.fromkeys(times, 0.0)
    rows = []
    for series in found:
        total = {float(t): float(v) for t, v in series["values"]}
        rows.append([max(0.0, total.get(t, 0) - below[t]) for t in times])
        below.update(total)
    used = [i for i, row in enumerate(rows) if any(row)]
    if not used:
        return
    first, last = max(0, used[0] - 1), min(len(rows), used[-1] + 2)
    rows = [[math.sqrt(v) if v > 0 else math.nan for v in row] for row in rows[first:last]]
    at = [dates.date2num(datetime.fromtimestamp(t)) for t in times]
    edges = at + [2 * at[-1] - at[-2]]
    axes.pcolormesh(edges, range(len(rows) + 1), rows, cmap="Oranges_r", shading="flat")
    names = [series["metric"]["le"] for series in found[first:last]]
    axes.set_yticks(range(1, len(rows) + 1))
    axes.set_yticklabels(["more" if n == "+Inf" else number(float(n), "s") for n in names])


def draw(panel, figure, box, source):
    axes = figure.add_axes(box, facecolor=PANEL)
    axes.set_title(panel["title"], loc="left", fontsize=8, color=TEXT, pad=4)
    axes.tick_params(colors=TEXT, labelsize=6, length=0)
    for spine in axes.spines.values():
        spine.set_color(FAINT)
    if panel["type"] == "stat":
        draw_stat(axes, panel, source)
        return
    axes.grid(color=FAINT, linewidth=0.5)
    {"timeseries": draw_lines, "heatmap": draw_heat}[panel["type"]](axes, panel, source)
    axes.set_xlim(
        datetime.fromtimestamp(source.end - source.seconds), datetime.fromtimestamp(source.end)
    )
    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=7))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--prometheus", required=True)
    parser.add_argument("--job", default=".*")
    parser.add_argument("--minutes", type=int, default=7)
    parser.add_argument("--end", type=float, default=0, help="Unix time, else now")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    source = Source(options.prometheus, options.minutes, options.job, options.end)
    panels = json.loads((HERE / "dashboard.json").read_text())["panels"]
    rows = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in panels)
    width, height = 15.0, rows * 0.27 + 0.5
    figure = plot.figure(figsize=(width, height), facecolor=BACK)
    for panel in panels:
        place = panel["gridPos"]
        left, top = place["x"] / 24, 1 - (place["y"] * 0.27 + 0.2) / height
        if panel["type"] == "row":
            figure.text(0.01, top - 0.2 / height, panel["title"], color=TEXT, fontsize=11, va="center")
            continue
        isStat = panel["type"] == "stat"
        margin = (0.008, 0.008) if isStat else (0.045, 0.008)
        high = place["h"] * 0.27 / height
        under = 0.1 / height if isStat else 0.42 / height
        box = [
            left + margin[0],
            top - high + under,
            place["w"] / 24 - sum(margin),
            high - under - 0.28 / height,
        ]
        draw(panel, figure, box, source)
    figure.savefig(options.output, dpi=100, facecolor=BACK)


if __name__ == "__main__":
    main()
