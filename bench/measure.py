"""What the benchmarks share: running a program and what it cost, the machine, tables in a page."""

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "performance.md")


class Failure(Exception):
    """A program failed, or two programs do not agree."""


class TimedOut(Exception):
    """A program was stopped at its limit."""


def program(build, *path):
    """The path of a program of a build folder, which must be there."""
    found = os.path.join(build, *path)
    if not os.access(found, os.X_OK):
        raise Failure(f"{found} is missing; `make bench` builds it")
    return found


def nexa_of(build):
    return program(build, "cli", "nexa")


def sim_run(nexa, *arguments):
    """The command of a simulation that prints its document and nothing else."""
    return [nexa, "sim", "run", *map(str, arguments), "--json", "--quiet"]


def replay(nexa, path, platform_text, policy):
    return sim_run(nexa, "--workload", path, "--platform", platform_text, "--policy", policy)


def parser(documentation):
    """The options that all benchmarks have; the text is the first line of a script's own."""
    made = argparse.ArgumentParser(description=documentation.split("\n", 1)[0])
    made.add_argument("build")
    made.add_argument("--quick", action="store_true")
    return made


def run_main(main):
    """Runs a benchmark as a program."""
    try:
        main()
    except Failure as failure:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {failure}")


@dataclass
class Cost:
    """What one run of a process took."""

    wall: float
    cpu: float  # user and system
    peak_kib: int
    output: str


@dataclass
class Costs:
    """The runs of one program in a comparison."""

    runs: list = field(default_factory=list)

    def median(self, what):
        return statistics.median(getattr(run, what) for run in self.runs)

    def least(self, what):
        return min(getattr(run, what) for run in self.runs)

    def as_json(self):
        return {what: {"median": self.median(what), "min": self.least(what)}
                for what in ("wall", "cpu", "peak_kib")}


def own_peak_kib():
    """The floor of every measured peak: a child starts with its parent's."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run(command, limit=None):
    """Runs a command to its end, or raises TimedOut after `limit` seconds. Its peak memory is not
    less than this script's own, see `own_peak_kib`; so little is kept here."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        timer = None if limit is None else threading.Timer(limit, process.kill)
        if timer is not None:
            timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        stopped = timer is not None and timer.finished.is_set()
        if timer is not None:
            timer.cancel()
        out.seek(0)
        err.seek(0)
        text = out.read().decode()
        if stopped:
            raise TimedOut(f"not done after {limit} s")
        if process.returncode != 0:
            raise Failure(f"{' '.join(command)}: exit code {process.returncode}: "
                          f"{err.read().decode().strip()}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, text)


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT,
                              check=True).stdout.split("\n", 1)[0].strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                return re.sub(r"\s+", " ", line.split(":", 1)[1].strip())
    return platform.machine()


def total_memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def machine(nexa):
    """What a reader needs to judge figures: the machine, the build, the commit, and the load."""
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "memory_gib": round(total_memory_gib(), 1),
        "system": f"{platform.system()} {platform.release()}",
        "build": first_line([nexa, "--version"]),
        "commit": first_line(["git", "describe", "--always", "--dirty", "--abbrev=12"]),
        "load_before": round(os.getloadavg()[0], 2),
    }


def machine_line(facts):
    text = (f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gib']} GiB, "
            f"{facts['system']}; {facts['build']}; tree {facts['commit']}")
    if facts["load_before"] > 0.5:
        text += f"; the machine was not idle before the run (load {facts['load_before']})"
    return text


def table(header, rows):
    """A Markdown table; all columns but the first are set to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1)] + rows
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def replace_section(name, text, path=PAGE):
    """Puts `text` between the marks <!-- NAME:begin --> and <!-- NAME:end --> of a page."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    with open(path, encoding="utf-8") as page:
        old = page.read()
    if begin not in old or end not in old:
        raise Failure(f"{path}: the marks {begin} and {end} are missing")
    head, rest = old.split(begin, 1)
    tail = rest.split(end, 1)[1]
    with open(path, "w", encoding="utf-8") as page:
        page.write(f"{head}{begin}\n{text.strip()}\n{end}{tail}")


def keep(build, name, results):
    """Writes raw results into the build folder."""
    with open(os.path.join(build, "bench", name + ".json"), "w", encoding="utf-8") as out:
        json.dump(results, out, indent=2, ensure_ascii=False)


def publish(name, text, quick):
    """Prints a section, and puts it into the page unless it was only a try."""
    print("\n" + text)
    if not quick:
        replace_section(name, text)


def seconds(value):
    if value < 1:
        return f"{1000 * value:.1f} ms"
    return f"{value:.2f} s" if value < 100 else f"{value:.0f} s"
