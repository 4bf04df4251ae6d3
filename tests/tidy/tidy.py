"""What the checks of this folder share: the list of files, the report and the self-test.

A check is a function from the root of the tree to a list of findings. Its self-test runs it on
small trees: it must find what is wrong in each bad one and nothing in the good one.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

# What no check looks at: what the build and the package managers write.
SKIPPED_FOLDERS = {".git", "build", "out", "node_modules", "__pycache__", ".cache"}
ROOT = Path(__file__).resolve().parent.parent.parent


def files(root, *patterns):
    """The files below `root` whose name matches one of the shell patterns, in order."""
    found = []
    for path in root.rglob("*"):
        folders = path.relative_to(root).parts[:-1]
        if SKIPPED_FOLDERS.isdisjoint(folders) and path.is_file():
            if any(path.match(pattern) for pattern in patterns):
                found.append(path)
    return sorted(found)


def lines(path):
    """Pairs of line number, from 1, and text."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return list(enumerate(text.splitlines(), start=1))


def run(check, good, bad, notes=None):
    """Entry point of a check. `good` is a tree (path to text) without findings; `bad` is a list
    of (tree, regular expression that one of its findings must match)."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--self-test", action="store_true", help="try the check on bad input")
    arguments = parser.parse_args()
    if arguments.self_test:
        sys.exit(report(self_test(check, good, bad)))
    if notes:
        for note in notes(ROOT):
            print("note:", note)
    sys.exit(report(check(ROOT)))


def report(findings):
    """Prints the findings and gives the exit code."""
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else "ok")
    return 1 if findings else 0


def self_test(check, good, bad):
    """The ways in which the check itself is wrong."""
    wrong = [f"finding in the good tree: {finding}" for finding in on_tree(check, good)]
    for tree, expected in bad:
        findings = on_tree(check, tree)
        if not any(re.search(expected, finding) for finding in findings):
            wrong.append(f"no finding like {expected!r} in {sorted(tree)}, found {findings}")
    return wrong


def on_tree(check, tree):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in tree.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check(root)
