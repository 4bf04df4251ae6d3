#!/usr/bin/env python3
"""Measure how the time per job grows with jobs, queue length and node classes, policy by policy.

    growth.py BUILD_DIR [--quick]

Renews the growth section of docs/performance.md and docs/images/growth.svg. The time is that of
the simulation proper (`simulate_s`), without start and reading; of three runs the least.
"""

import json
import math
import os
import random

import inputs
import measure
import plot
import repeat_swf
from measure import Failure, TimedOut

POLICIES = ("fcfs+none", "fcfs+easy", "fcfs+easy:order=sjf", "sjf+easy", "wfp3+easy",
            "fcfs+conservative")
NODES, CORES_PER_NODE = 960, 16

# Growth per job, from the code: r running jobs, q waiting jobs, c candidate classes, b steps of
# the plan. docs/performance.md explains them.
ORDERS = {
    "fcfs+none": ("1 + log r", "1", "c"),
    "fcfs+easy": ("1 + log r", "r + q/64", "c + r"),
    "fcfs+easy:order=sjf": ("1 + log r", "r + q/64 + log q", "c + r"),
    "sjf+easy": ("1 + log r", "r + q/64 + log q", "c + r"),
    "wfp3+easy": ("1 + log r", "q log q", "c + r"),
    "fcfs+conservative": ("1 + log r", "lines · (b/64 + shapes)", "nodes"),
}


class Growth:
    def __init__(self, build, quick):
        self.nexa = measure.nexa_of(build)
        self.quick = quick
        self.limit = 5 if quick else 20
        self.folder = os.path.join(build, "bench", "data", "growth")
        os.makedirs(self.folder, exist_ok=True)
        self.jobs = repeat_swf.read_jobs(inputs.KTH)

    def time(self, path, platform, policy):
        """(seconds per job, mean queue length), or None if it takes too long."""
        command = measure.replay(self.nexa, path, platform, policy)
        best = None
        for _ in range(3):
            try:
                cost = measure.run(command, self.limit)
            except TimedOut:
                break
            out = json.loads(cost.output)
            if out["jobs_finished"] != out["jobs"]:
                raise Failure(f"{policy}: not all jobs ran")
            best = min(best or math.inf, out["simulate_s"] / out["jobs"])
            queue = out["jobs"] * out["wait_s"]["mean"] / out["makespan_s"]
            if cost.wall > self.limit / 4:
                break
        return None if best is None else (best, queue)

    def write(self, name, jobs):
        """Jobs as (submit, processors, run time, limit)."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="latin-1") as out:
            for number, (submit, cores, run, limit) in enumerate(jobs, 1):
                out.write(f"{number} {submit} -1 {run} {cores} -1 -1 {cores} {limit} "
                          "-1 1 1 1 -1 -1 -1 -1 -1\n")
        return path

    def log(self, count, squeeze=1.0, scale=1.0):
        """The first jobs of the log, submit times divided and widths multiplied."""
        draw = random.Random(1)
        for submit, rest in self.jobs[:count]:
            fields = rest.split()
            run, used, asked, limit = (repeat_swf.whole(fields[i]) for i in (1, 2, 5, 6))
            cores = asked if asked > 0 else used
            if scale != 1:
                cores = max(1, int(min(cores * draw.uniform(0.8, 1.2), 100) * scale))
            yield int(submit / squeeze), cores, run, max(limit, run)

    def by_jobs(self):
        """The load stays, so the queue stays."""
        series = {policy: [] for policy in POLICIES}
        for jobs in (30_000, 60_000) if self.quick else (30_000, 100_000, 300_000, 1_000_000):
            path = inputs.kth_repeated(jobs, os.path.dirname(self.folder))
            for policy, points in self.each(series):
                measured = self.time(path, "cores:100", policy)
                points.append(measured and (jobs, measured[0]))
        return clean(series)

    def by_queue(self):
        """The same jobs in less time, so that more of them wait."""
        series = {policy: [] for policy in POLICIES}
        jobs = 4_000 if self.quick else 12_000
        for squeeze in (1, 2, 6) if self.quick else (1, 1.25, 1.5, 2, 3, 6):
            path = self.write(f"squeezed-{squeeze}.swf", self.log(jobs, squeeze=squeeze))
            for policy, points in self.each(series):
                measured = self.time(path, "cores:100", policy)
                points.append(measured and measured[1] > 0 and (measured[1], measured[0]))
        return clean(series)

    def by_classes(self):
        """The same nodes under more and more owners, which makes classes of them."""
        series = {policy: [] for policy in POLICIES}
        scale = NODES * CORES_PER_NODE / 100
        path = self.write("wide.swf", self.log(1_000 if self.quick else 5_000, scale=scale))
        for classes in (1, 16, 240) if self.quick else (1, 4, 16, 60, 240):
            platform = self.platform(classes)
            for policy, points in self.each(series):
                measured = self.time(path, platform, policy)
                points.append(measured and (classes, measured[0]))
        return clean(series)

    def each(self, series):
        """The policies that have kept the limit so far."""
        for policy, points in series.items():
            if not points or points[-1] is not None:
                yield policy, points

    def platform(self, classes):
        path = os.path.join(self.folder, f"classes-{classes}.yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write("name: classes\ngroups:\n")
            for i in range(classes):
                out.write(f"  - {{name: g{i}, count: {NODES // classes}, tier: cpu, "
                          f"cores: {CORES_PER_NODE}, memory: 64 GiB, owner: owner{i}}}\n")
        return path


def clean(series):
    return {policy: [point for point in points if point] for policy, points in series.items()}


def exponent(points):
    """The slope of the upper half of the points on logarithmic axes, by least squares: constant
    costs hide the growth in the lower half."""
    upper = points[len(points) // 2 - (len(points) < 4):] if len(points) > 2 else points
    if len(upper) < 2:
        return None
    logs = [(math.log(x), math.log(y)) for x, y in upper]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    spread = sum((x - mean_x) ** 2 for x, _ in logs)
    if spread == 0:
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / spread


def cell(policy, points, column):
    slope = exponent(points)
    slope_text = "not measured" if slope is None else f"{slope:+.2f}"
    if not points:
        return f"{ORDERS[policy][column]}; {slope_text}"
    return f"{ORDERS[policy][column]}; {slope_text}, {1e6 * points[-1][1]:.1f} µs"


def page_section(facts, panels):
    rows = [[f"`{policy}`", *(cell(policy, series[policy], column)
                              for column, series in enumerate(panels))] for policy in POLICIES]
    header = ["policy", "with jobs", "with queue length", "with node classes"]
    return "\n\n".join([
        "![Time per job against jobs, queue length and node classes](images/growth.svg)",
        "Each cell: the order of growth of the time per job, by the code; the measured exponent; "
        "the time per job at the last point measured.",
        measure.table(header, rows), f"Machine: {measure.machine_line(facts)}."])


def main():
    arguments = measure.parser(__doc__).parse_args()
    growth = Growth(arguments.build, arguments.quick)
    facts = measure.machine(growth.nexa)
    panels = []
    for what in (growth.by_jobs, growth.by_queue, growth.by_classes):
        print(f"growth {what.__name__.replace('_', ' ')} ...", flush=True)
        panels.append(what())
    measure.keep(arguments.build, "growth", {"machine": facts, "by_jobs": panels[0],
                                             "by_queue": panels[1], "by_classes": panels[2]})
    folder = (arguments.build, "bench") if growth.quick else (measure.ROOT, "docs", "images")
    picture = os.path.join(*folder, "growth.svg")
    titles = (("Jobs", "jobs in the workload"), ("Queue length", "mean queue length, jobs"),
              ("Node classes", f"classes that share {NODES} nodes"))
    plot.small_multiples(
        picture, "Time per job against jobs, queue length and node classes", POLICIES,
        [(title + ": µs per job", label,
          [[(x, 1e6 * y) for x, y in series[policy]] for policy in POLICIES])
         for (title, label), series in zip(titles, panels)])
    measure.publish("growth", page_section(facts, panels), growth.quick)


if __name__ == "__main__":
    measure.run_main(main)
