#!/usr/bin/env python3
"""Runs the tests of the pages in web/; exit code 77, for ctest a skipped test, without Node."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"
SKIPPED = 77


def skip(reason):
    print(f"skipped: {reason}; install Debian's package 'nodejs'")
    sys.exit(SKIPPED)


def oldest_major():
    """What web/package.json asks for."""
    manifest = (WEB / "package.json").read_text(encoding="utf-8")
    return int(re.search(r'"node": ">=(\d+)"', manifest)[1])


def main():
    node = shutil.which("node")
    if node is None:
        skip("the tests of the pages need Node, which is not installed")
    version = subprocess.run([node, "--version"], capture_output=True, text=True,
                             check=True).stdout.strip()
    if int(version[1:].split(".")[0]) < oldest_major():
        skip(f"the tests of the pages need Node {oldest_major()} or newer, found {version}")
    tests = sorted(str(path.relative_to(WEB)) for path in (WEB / "test").glob("*.test.js"))
    os.chdir(WEB)
    sys.exit(subprocess.run([node, "--test", *tests], check=False).returncode)


if __name__ == "__main__":
    main()
