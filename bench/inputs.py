"""The inputs of the benchmarks, made once and kept in the build folder."""

import gzip
import os
import shutil
import subprocess
import sys

from measure import ROOT

HERE = os.path.dirname(os.path.abspath(__file__))
KTH = os.path.join(ROOT, "configs", "traces", "KTH-SP2-1996-2.1-cln.swf.gz")
# Logs of the Parallel Workloads Archive that are too large for the repository.
TRACES = os.environ.get("NEXA_TRACES_DIR", os.path.join(ROOT, "..", "shared", "traces"))


def is_fresh(path, sources):
    if not os.path.exists(path):
        return False
    made = os.path.getmtime(path)
    return all(os.path.getmtime(source) <= made for source in sources)


def unpacked(packed, folder):
    """The path of the plain file, or None if there is no such log on this machine."""
    if not os.path.exists(packed):
        return None
    path = os.path.join(folder, os.path.basename(packed)[:-len(".gz")])
    if not is_fresh(path, [packed]):
        with gzip.open(packed, "rb") as source, open(path + ".part", "wb") as target:
            shutil.copyfileobj(source, target)
        os.replace(path + ".part", path)
    return path


def kth(folder):
    return unpacked(KTH, folder)


def log(name, folder):
    return unpacked(os.path.join(TRACES, "swf", name + ".swf.gz"), folder)


def python(script, *arguments):
    """Runs a script of this folder and returns what it prints. It is a process of its own, since
    the peak memory of a measured process counts from that of its parent."""
    return subprocess.run([sys.executable, os.path.join(HERE, script), *map(str, arguments)],
                          check=True, stdout=subprocess.PIPE, text=True).stdout


def kth_repeated(jobs, folder):
    path = os.path.join(folder, f"kth-{jobs}.swf")
    if not is_fresh(path, [KTH, os.path.join(HERE, "repeat_swf.py")]):
        python("repeat_swf.py", KTH, jobs, path + ".part")
        os.replace(path + ".part", path)
    return path


def tiered(jobs, nodes, folder, classes=60):
    """(folder, cores) of the tiered benchmark, see make_tiered.py."""
    out = os.path.join(folder, f"tiered-{jobs}-{nodes}-{classes}")
    note = os.path.join(out, "cores.txt")
    scripts = [os.path.join(HERE, name) for name in ("make_tiered.py", "repeat_swf.py")]
    if not is_fresh(note, [KTH, *scripts]):
        cores = python("make_tiered.py", KTH, jobs, nodes, out, "--classes", classes)
        with open(note, "w", encoding="ascii") as file:
            file.write(cores)
    with open(note, encoding="ascii") as file:
        return out, int(file.read())
