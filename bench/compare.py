#!/usr/bin/env python3
"""Compare the full engine with the yardstick kernel, and renew docs/performance.md.

    compare.py BUILD_DIR [--quick] [--reference PROGRAM]

Programs run in turn, and every figure is a ratio within one such series. See bench/run.sh.
"""

import json
import os

import inputs
import measure
from measure import Failure, TimedOut, seconds

LONGEST = 300  # seconds until a run is given up
BUDGET = 45    # seconds after which a case gets no further repetitions

REPLAYS = (
    # name, log, processors, most times the yardstick
    ("KTH-SP2", "kth", 100, 2.0),
    ("LLNL-Thunder", "LLNL-Thunder-2007-1.1-cln", 4008, 2.0),
    ("SDSC-BLUE", "SDSC-BLUE-2000-4.2-cln", 1152, 2.0),
    ("KTH repeated", "repeated", 100, 2.0),
    ("RICC", "RICC-2010-2", 8192, 1.0),
)


class Bench:
    def __init__(self, build, quick, reference):
        self.nexa = measure.nexa_of(build)
        self.reference = reference or measure.program(build, "bench", "reference_easy")
        self.quick = quick
        self.many = 100_000 if quick else 1_000_000
        self.longest = 30 if quick else LONGEST
        self.folder = os.path.join(build, "bench", "data")
        os.makedirs(self.folder, exist_ok=True)

    def nexa_on_cores(self, path, cores, policy="easy"):
        return measure.replay(self.nexa, path, f"cores:{cores}", policy)

    def path_of(self, log):
        if log == "kth":
            return inputs.kth(self.folder)
        if log == "repeated":
            return inputs.kth_repeated(self.many, self.folder)
        return inputs.log(log, self.folder)

    def series(self, commands, check):
        """One warm-up, then repetitions in turn; `check` sees every output."""
        first = [measure.run(command, self.longest) for command in commands]
        check(*[json.loads(cost.output) for cost in first])
        spent = sum(cost.wall for cost in first)
        wanted = 3 if self.quick else 15 if spent < 0.5 else 7 if spent < 5 else 5
        costs = [measure.Costs() for _ in commands]
        while len(costs[0].runs) < wanted and (not costs[0].runs or spent < BUDGET):
            outputs = []
            for command, cost in zip(commands, costs):
                cost.runs.append(measure.run(command, self.longest))
                spent += cost.runs[-1].wall
                outputs.append(json.loads(cost.runs[-1].output))
            check(*outputs)
        return costs, [json.loads(cost.output) for cost in first]


def check_same(nexa, reference):
    """Both programs must have replayed the same thing, or their times say nothing."""
    pairs = ((nexa["wait_s"]["mean"], reference["mean_wait"], 0.0006),
             (nexa["bounded_slowdown"]["mean"], reference["mean_bounded_slowdown"], 0.00006),
             (nexa["makespan_s"], reference["makespan"], 0.5),
             (nexa["jobs_finished"], reference["jobs"], 0))
    for ours, theirs, allowed in pairs:
        if abs(ours - theirs) > allowed:
            raise Failure(f"the programs do not agree: {ours} and {theirs}")


def check_all_ran(nexa, _reference=None):
    if nexa["jobs_finished"] != nexa["jobs"] or nexa["jobs_timed_out"] != 0:
        raise Failure(f"{nexa['jobs'] - nexa['jobs_finished']} of {nexa['jobs']} jobs did not run "
                      f"to their end, {nexa['jobs_timed_out']} were killed")


def mean_queue(jobs, mean_wait, makespan):
    """Little's law: waiting jobs, averaged over time."""
    return jobs * mean_wait / makespan


def ratio(ours, theirs, what="wall"):
    return ours.median(what) / theirs.median(what)


def comparison(name, costs, outputs, target):
    ours, theirs = costs
    return {
        "name": name, "jobs": outputs[1]["jobs"], "runs": len(ours.runs), "target": target,
        "nexa": ours.as_json(), "yardstick": theirs.as_json(),
        "ratio_wall": ratio(ours, theirs), "ratio_cpu": ratio(ours, theirs, "cpu"),
        "ratio_min_wall": ours.least("wall") / theirs.least("wall"),
        "longest_queue": outputs[0]["longest_queue"],
    }


def replays(bench):
    results = []
    for name, log, cores, target in REPLAYS:
        path = bench.path_of(log)
        if path is None:
            results.append({"name": name, "absent": log})
            continue
        print(f"{name} ...", flush=True)
        costs, outputs = bench.series(
            [bench.nexa_on_cores(path, cores), [bench.reference, path, str(cores)]], check_same)
        results.append(comparison(name, costs, outputs, target))
    return results


def conservative(bench):
    path = bench.path_of("RICC-2010-2")
    if path is None:
        return {"absent": "RICC-2010-2"}
    print("RICC, conservative ...", flush=True)
    try:
        costs, outputs = bench.series([bench.nexa_on_cores(path, 8192, "conservative")],
                                      check_all_ran)
    except TimedOut as stopped:
        return {"timed_out": str(stopped)}
    return {"runs": len(costs[0].runs), "nexa": costs[0].as_json(),
            "mean_wait": outputs[0]["wait_s"]["mean"],
            "mean_bounded_slowdown": outputs[0]["bounded_slowdown"]["mean"],
            "longest_queue": outputs[0]["longest_queue"]}


def tiered(bench, nodes):
    folder, cores = inputs.tiered(bench.many, nodes, bench.folder)
    print(f"tiered, {nodes} nodes ...", flush=True)
    commands = [measure.sim_run(bench.nexa, os.path.join(folder, "scenario.yaml")),
                [bench.reference, os.path.join(folder, "workload.swf"), str(cores)]]
    try:
        costs, outputs = bench.series(commands, check_all_ran)
    except TimedOut as stopped:
        return {"nodes": nodes, "cores": cores, "timed_out": str(stopped)}
    ours, theirs = outputs
    result = comparison(f"{nodes} nodes", costs, outputs, 6.0)
    result.update(
        nodes=nodes, cores=cores,
        mean_queue=mean_queue(ours["jobs"], ours["wait_s"]["mean"], ours["makespan_s"]),
        yardstick_mean_queue=mean_queue(theirs["jobs"], theirs["mean_wait"], theirs["makespan"]),
        utilization=ours["utilization"], yardstick_utilization=theirs["utilization"])
    return result


def memory(bench):
    """Bytes per job of the summary alone: the growth of the peak over nine tenths of the jobs. A
    shell starts the engine and stays, so that the peak which the engine reports of itself begins
    with that of the shell and not of this script."""
    print("memory ...", flush=True)
    peaks = []
    for jobs in (bench.many // 10, bench.many):
        path = inputs.kth_repeated(jobs, bench.folder)
        cost = measure.run(["sh", "-c", '"$@"; exit $?', "sh", *bench.nexa_on_cores(path, 100)],
                           bench.longest)
        peaks.append(1024 * json.loads(cost.output)["peak_rss_mib"])
    return {"peak_kib": peaks, "jobs": [bench.many // 10, bench.many],
            "bytes_per_job": (peaks[1] - peaks[0]) * 1024 / (bench.many * 0.9)}


# ---- the page ----

def mib(costs):
    peak = costs["peak_kib"]["median"]
    at_floor = peak <= 1.02 * measure.own_peak_kib()
    return f"{'≤ ' if at_floor else ''}{peak / 1024:.0f}"


def times(value):
    return f"{value:.2f}x"


def comparison_cells(row):
    return [f"{row['jobs']:,}", seconds(row["nexa"]["wall"]["median"]),
            seconds(row["yardstick"]["wall"]["median"]), f"**{times(row['ratio_wall'])}**",
            times(row["ratio_cpu"]), times(row["ratio_min_wall"]),
            f"{mib(row['nexa'])} / {mib(row['yardstick'])}", str(row["runs"])]


COMPARISON_HEADER = ["jobs", "nexa", "yardstick", "ratio", "CPU ratio", "ratio of minima",
                     "peak MiB", "runs"]


def replay_table(results):
    header = ["EASY replay", *COMPARISON_HEADER, "longest queue"]
    rows = []
    for row in results["replays"]:
        if "absent" in row:
            rows.append([row["name"], "not on this machine", *[""] * (len(header) - 2)])
        else:
            rows.append([row["name"], *comparison_cells(row), f"{row['longest_queue']:,}"])
    return measure.table(header, rows)


def tiered_table(results):
    header = ["tiered, 60 classes", *COMPARISON_HEADER, "mean queue", "utilisation"]
    rows = []
    for row in results["tiered"]:
        name = f"{row['nodes']:,} nodes, {row['cores']:,} cores"
        if "timed_out" in row:
            rows.append([name, row["timed_out"], *[""] * (len(header) - 2)])
            continue
        rows.append([name, *comparison_cells(row),
                     f"{row['mean_queue']:.2f} / {row['yardstick_mean_queue']:.2f}",
                     f"{row['utilization']:.3f} / {row['yardstick_utilization']:.3f}"])
    return measure.table(header, rows)


def verdict(value, most):
    return "yes" if value <= most else "**no**"


def target_rows(results):
    for row in results["replays"]:
        what = f"{row['name']}, EASY, to the yardstick"
        if "absent" in row:
            yield [what, "", "the log is not on this machine", ""]
            continue
        yield [what, f"≤ {times(row['target'])}", times(row["ratio_wall"]),
               verdict(row["ratio_wall"], row["target"])]
    yield from tiered_target_rows(results["tiered"])
    slow = results["conservative"]
    if "nexa" in slow:
        wall = slow["nexa"]["wall"]["median"]
        yield ["RICC, conservative", "< 10 s", seconds(wall), verdict(wall, 10)]
    else:
        yield ["RICC, conservative", "< 10 s",
               slow.get("timed_out", "the log is not on this machine"),
               "**no**" if "timed_out" in slow else ""]
    per_job = results["memory"]["bytes_per_job"]
    yield ["Memory for the summary alone", "≤ 200 bytes per job", f"{per_job:.0f} bytes per job",
           verdict(per_job, 200)]


def tiered_target_rows(rows):
    for row in rows:
        measured = row.get("timed_out") or times(row["ratio_wall"])
        met = "**no**" if "timed_out" in row else verdict(row["ratio_wall"], 6.0)
        wanted = "≤ 6.00x" if row["nodes"] == 10_000 else "none of its own"
        yield [f"Tiered, {row['nodes']:,} nodes, EASY, to the yardstick", wanted, measured,
               met if row["nodes"] == 10_000 else ""]
    if any("timed_out" in row for row in rows):
        yield ["Tiered, 100,000 nodes to 10,000", "≤ 1.50x", "not known", "**no**"]
        return
    few, many = (row["nexa"]["wall"]["median"] for row in rows)
    yield ["Tiered, 100,000 nodes to 10,000", "≤ 1.50x", times(many / few),
           verdict(many / few, 1.5)]


def page_section(results):
    slow = results["conservative"]
    parts = [f"Machine: {measure.machine_line(results['machine'])}.",
             measure.table(["What", "target", "measured", "met"], list(target_rows(results))),
             replay_table(results), tiered_table(results)]
    if "nexa" in slow:
        parts.append(f"RICC under conservative backfill: {seconds(slow['nexa']['wall']['median'])} "
                     f"(median of {slow['runs']}), longest queue {slow['longest_queue']:,}, mean "
                     f"wait {slow['mean_wait']:.3f} s, mean bounded slowdown "
                     f"{slow['mean_bounded_slowdown']:.4f}.")
    peaks = [f"{peak / 1024:.0f} MiB" for peak in results["memory"]["peak_kib"]]
    jobs = [f"{jobs:,}" for jobs in results["memory"]["jobs"]]
    parts.append(f"Memory: peak {peaks[0]} with {jobs[0]} jobs, {peaks[1]} with {jobs[1]}: "
                 f"{results['memory']['bytes_per_job']:.0f} bytes per job.")
    return "\n\n".join(parts)


def main():
    parser = measure.parser(__doc__)
    parser.add_argument("--reference", default=os.environ.get("REFERENCE_EASY"))
    arguments = parser.parse_args()
    bench = Bench(arguments.build, arguments.quick, arguments.reference)
    results = {"machine": measure.machine(bench.nexa), "quick": bench.quick,
               "replays": replays(bench),
               "tiered": [tiered(bench, nodes) for nodes in (10_000, 100_000)],
               "memory": memory(bench), "conservative": conservative(bench)}
    measure.keep(arguments.build, "compare", results)
    measure.publish("bench", page_section(results), bench.quick)


if __name__ == "__main__":
    measure.run_main(main)
