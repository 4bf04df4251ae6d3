#!/usr/bin/env python3
"""Runs packaging/setup.sh among made-up system commands that write down how they are called."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import tidy

SETUP = tidy.ROOT / "packaging/setup.sh"
LIST = SETUP.parent / "debian-packages.txt"
ALL = [line for line in LIST.read_text(encoding="utf-8").split("\n") if line[:1].isalnum()]


class Machine:
    """A machine with some packages and commands, as a folder for PATH."""

    def __init__(self, folder, installed=(), user=0, sudo=False, debian=True, apt_fails=False):
        self.folder, self.log = folder, folder / "log"
        self.log.touch()
        for name in ("bash", "env", "awk", "grep", "dirname"):
            found = subprocess.run(["which", name], check=True, capture_output=True, text=True)
            (folder / name).symlink_to(found.stdout.strip())
        self.command("id", f"echo {user}")
        self.command("apt-get", f'echo "apt-get $DEBIAN_FRONTEND $*" >>"{self.log}"; '
                                f"exit {100 if apt_fails else 0}")
        if sudo:
            self.command("sudo", f'echo sudo >>"{self.log}"; exec "$@"')
        if debian:
            known = " ".join(installed) or "none"
            self.command("dpkg-query", f'for p in {known}; do '
                                       'if [ "$p" = "$3" ]; then echo installed; exit 0; fi; '
                                       "done; echo not-installed; exit 1")

    def command(self, name, script):
        path = self.folder / name
        path.write_text(f"#!{self.folder / 'bash'}\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def setup(self, purpose):
        """Exit code, output, and the calls that were made."""
        result = subprocess.run(["bash", str(SETUP), purpose], check=False, text=True,
                                capture_output=True, env={"PATH": str(self.folder)})
        calls = self.log.read_text(encoding="utf-8").splitlines()
        return result.returncode, result.stdout + result.stderr, calls


def machine(**traits):
    return Machine(Path(tempfile.mkdtemp(dir=SCRATCH)), **traits)


def check():
    wrong = []

    def expect(condition, situation, result):
        if not condition:
            wrong.append(f"{situation}: {result}")

    result = machine(installed=ALL).setup("test")
    expect(result[0] == 0 and not result[2], "all is there: nothing may be called", result)

    result = machine(installed=ALL, user=1000).setup("ci")
    expect(result[0] == 0 and not result[2], "all is there: no right is needed", result)

    present = [name for name in ALL if name not in ("cmake", "libhdf5-dev", "libgtest-dev")]
    result = machine(installed=present).setup("build")
    expect(result[0] == 0 and len(result[2]) == 2 and result[2][0].endswith(" update")
           and result[2][1].startswith("apt-get noninteractive ")
           and result[2][1].endswith("--no-install-recommends cmake libhdf5-dev"),
           "as root, two of the build section are missing", result)

    result = machine(installed=present).setup("test")
    expect(result[2][-1].endswith(" cmake libhdf5-dev libgtest-dev"),
           "the test section includes the build section", result)

    result = machine(installed=present, user=1000, sudo=True).setup("build")
    expect(result[0] == 0 and result[2].count("sudo") == 2
           and result[2][-1].startswith("apt-get noninteractive "), "with sudo", result)

    result = machine(installed=present, user=1000).setup("build")
    expect(result[0] == 1 and not result[2] and "cmake libhdf5-dev" in result[1],
           "neither root nor sudo: says what is missing", result)

    result = machine(installed=present, apt_fails=True).setup("build")
    expect(result[0] != 0, "a failure of apt-get is a failure", result)

    result = machine(debian=False).setup("build")
    expect(result[0] == 0 and not result[2] and "not Debian" in result[1], "not Debian", result)

    result = machine(installed=ALL).setup("tset")
    expect(result[0] == 2 and "'tset'" in result[1], "unknown purpose", result)
    return wrong


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as SCRATCH:
        sys.exit(tidy.report(check()))
