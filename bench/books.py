"""Ledger against SQLite and SHA-256, the money of jobs, and what redundancy costs a simulation.

usage: books.py BUILD [--quick]
"""

import json
import os
import re
import tempfile

import measure

NODES = 320
TARGETS = {1: 1.0, 100: 1.0, 8190: 10.0}  # to SQLite, by size of batch
VERIFY_TARGET = 0.8  # of libsodium's SHA-256
REDUNDANCY_TARGET = 2.2


class Books:
    def __init__(self, build, quick):
        self.build = build
        self.quick = quick
        self.nexa = measure.nexa_of(build)

    def durable(self):
        """Ledger with its journal and SQLite on the same disk, in turn."""
        program = measure.program(self.build, "bench", "ledger_durable")
        with tempfile.TemporaryDirectory(dir=os.path.join(self.build, "bench")) as folder:
            command = [program, folder] + (["quick"] if self.quick else [])
            return json.loads(measure.run(command).output)

    def in_memory(self):
        program = measure.program(self.build, "bench", "ledger_memory")
        text = measure.run([program, "200000" if self.quick else "4000000"]).output
        rows = [line.split() for line in text.splitlines()[1:]]
        return [{"mix": row[0], "batch": int(row[1]), "per_second": int(row[2])} for row in rows]

    def job_money(self):
        program = measure.program(self.build, "bench", "job_money")
        return measure.run([program, "10000" if self.quick else "100000"]).output

    def redundancy(self):
        """The same jobs on the same nodes, with and without replicas, in turn."""
        with tempfile.TemporaryDirectory() as folder:
            scenarios = {name: self.scenario(folder, name, lines) for name, lines in (
                ("plain", ""),
                ("redundant", "validation: {policy: adaptive, target_nresults: 2}\n"))}
            costs = {name: [] for name in scenarios}
            for _ in range(1 if self.quick else 7):
                for name, path in scenarios.items():
                    document = json.loads(measure.run(measure.sim_run(self.nexa, path)).output)
                    costs[name].append((document["simulate_s"], document["replicas"]))
        each = {}
        for name, runs in costs.items():
            seconds = sorted(run[0] for run in runs)[len(runs) // 2]
            each[name] = {"simulate_s": seconds, "replicas": runs[0][1],
                          "us_per_replica": 1e6 * seconds / runs[0][1]}
        each["ratio"] = each["redundant"]["us_per_replica"] / each["plain"]["us_per_replica"]
        return each

    @staticmethod
    def scenario(folder, name, lines):
        """KTH's jobs on nodes of one core, each of an owner of its own."""
        platform = os.path.join(folder, "platform.yaml")
        with open(platform, "w", encoding="utf-8") as out:
            out.write(f"name: owners\ngroups:\n  - {{name: node, count: {NODES}, tier: cpu, "
                      f"cores: 1, memory: 4 GiB, owners: {NODES}}}\n")
        trace = os.path.join(measure.ROOT, "configs", "traces", "KTH-SP2-1996-2.1-cln.swf.gz")
        path = os.path.join(folder, name + ".yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(f"name: {name}\nworkload: {{file: {trace}}}\nplatform: {platform}\n"
                      f"policy: fcfs+easy\n{lines}")
        return path


def thousands(value):
    return f"{round(value):,}"


def target_rows(durable, redundancy):
    def row(what, target, measured, met):
        return [what, target, measured, "yes" if met else "**no**"]

    rows = []
    for one in durable["durable"]:
        least = min(one["ratio_to_ascending_ids"], one["ratio_to_random_ids"])
        target = TARGETS[one["batch"]]
        sign = ">" if target == 1 else "≥"
        rows.append(row(f"Durable ledger to SQLite, batches of {one['batch']}",
                        f"{sign} {target:.0f}x", f"{least:.2f}x",
                        least > 1 if target == 1 else least >= target))
    verify = durable["verify"]
    rows.append(row("Verification to libsodium's SHA-256", f"≥ {VERIFY_TARGET}",
                    f"{verify['ratio']:.2f}", verify["ratio"] >= VERIFY_TARGET))
    rows.append(row("A replica with redundancy to one without", f"≤ {REDUNDANCY_TARGET}x",
                    f"{redundancy['ratio']:.2f}x", redundancy["ratio"] <= REDUNDANCY_TARGET))
    return rows


def page_section(facts, durable, memory, money, redundancy):
    targets = measure.table(["What", "target", "measured", "met"],
                            target_rows(durable, redundancy))
    sides = ("ledger", "sqlite_ascending_ids", "sqlite_random_ids")
    rows = [[thousands(one["batch"]), *(thousands(one[side]["transfers_per_s"]) for side in sides),
             f"**{one['ratio_to_ascending_ids']:.2f}x**", f"**{one['ratio_to_random_ids']:.2f}x**"]
            for one in durable["durable"]]
    on_disk = measure.table(["durable transfers/s, batches of", "ledger",
                             "SQLite, ascending ids", "SQLite, random ids", "ratio", "ratio"], rows)
    batches = sorted({one["batch"] for one in memory})
    mixes = dict.fromkeys(one["mix"] for one in memory)
    rate = {(one["mix"], one["batch"]): one["per_second"] for one in memory}
    in_memory = measure.table(
        ["transfers/s in memory"] + [f"batches of {thousands(batch)}" for batch in batches],
        [[mix] + [thousands(rate[mix, batch]) for batch in batches] for mix in mixes])
    verify = durable["verify"]
    both = redundancy["plain"], redundancy["redundant"]
    return "\n\n".join([
        f"Machine: {measure.machine_line(facts)}; SQLite {durable['sqlite']}.", targets, on_disk,
        in_memory,
        f"Verification of {thousands(verify['entries'])} entries, "
        f"{verify['bytes'] / 1e6:.0f} MB: {verify['verify_mb_per_s']:.0f} MB/s with a replay of "
        f"the books, {verify['verify_without_replay_mb_per_s']:.0f} MB/s without; libsodium hashes "
        f"{verify['libsodium_sha256_mb_per_s']:.0f} MB/s.",
        f"Redundancy (`adaptive`, two copies, KTH-SP2 on {NODES} nodes of as many owners): "
        f"{both[1]['us_per_replica']:.2f} µs for each of {thousands(both[1]['replicas'])} "
        f"replicas, {both[0]['us_per_replica']:.2f} µs for each of "
        f"{thousands(both[0]['replicas'])} without.",
        "The money of jobs (`bench/job_money`):", "```text\n" + money.strip() + "\n```"])


def main():
    arguments = measure.parser(re.sub(r"\n.*", "", __doc__)).parse_args()
    books = Books(arguments.build, arguments.quick)
    facts = measure.machine(books.nexa)
    results = {}
    for what in (books.durable, books.in_memory, books.job_money, books.redundancy):
        print(f"books {what.__name__.replace('_', ' ')} ...", flush=True)
        results[what.__name__] = what()
    measure.keep(arguments.build, "books", {"machine": facts, **results})
    measure.publish("books", page_section(facts, results["durable"], results["in_memory"],
                                          results["job_money"], results["redundancy"]),
                    books.quick)


if __name__ == "__main__":
    measure.run_main(main)
