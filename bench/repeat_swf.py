#!/usr/bin/env python3
"""Repeat a workload log end to end, to measure how a simulator scales with the number of jobs.

    repeat_swf.py LOG.swf[.gz] JOBS OUT.swf

Submit times start at 0; copy i is shifted by i * (last submit + 1000) seconds; the first JOBS jobs
are written, as plain SWF. Only lines that a replay keeps count as jobs: at least 11 fields, a run
time (field 4) and a number of processors (field 8, or else 5) above 0. Equal submit times keep the
order of the log.
"""

import gzip
import sys

GAP_SECONDS = 1000


def whole(field):
    """The field as a whole number; a fraction is cut off."""
    return int(float(field))


def is_job(fields):
    if len(fields) < 11 or whole(fields[3]) <= 0:
        return False
    return whole(fields[7]) > 0 or whole(fields[4]) > 0


def read_jobs(path):
    """(submit, text of fields 3 to last) of every job, submit counted from the first one."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="latin-1") as log:
        rows = [line.split() for line in log if not line.lstrip().startswith(";")]
    jobs = [(whole(row[1]), " ".join(row[2:])) for row in rows if is_job(row)]
    jobs.sort(key=lambda job: job[0])
    first = jobs[0][0] if jobs else 0
    return [(submit - first, rest) for submit, rest in jobs]


def write_repeated(jobs, count, path):
    shift = jobs[-1][0] + GAP_SECONDS
    with open(path, "w", encoding="latin-1") as out:
        for number in range(count):
            copy, index = divmod(number, len(jobs))
            submit, rest = jobs[index]
            out.write(f"{number + 1} {submit + copy * shift} {rest}\n")


def main(arguments):
    if len(arguments) != 3 or not arguments[1].isdigit():
        print("usage: repeat_swf.py LOG.swf[.gz] JOBS OUT.swf", file=sys.stderr)
        return 2
    jobs = read_jobs(arguments[0])
    if not jobs:
        print(f"repeat_swf.py: no jobs in {arguments[0]}", file=sys.stderr)
        return 1
    write_repeated(jobs, int(arguments[1]), arguments[2])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
