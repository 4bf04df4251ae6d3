#!/usr/bin/env python3
"""Tries cmake/write_build_info.cmake on working copies in several states."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import tidy

CMAKE_FOLDER = tidy.ROOT / "cmake"


def git(folder, *arguments):
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def write(folder, output, program="git"):
    command = ["cmake", "-D", f"SOURCE_DIR={folder}", "-D", f"GIT={program}",
               "-D", f"TEMPLATE={CMAKE_FOLDER / 'build_info.cpp.in'}", "-D", f"OUTPUT={output}",
               "-D", "VERSION=1.2.3", "-D", "COMPILER=Some 4.5 (Release)",
               "-P", str(CMAKE_FOLDER / "write_build_info.cmake")]
    subprocess.run(command, check=True)
    return output.read_text(encoding="utf-8")


def expect(wrong, text, part, situation):
    if part not in text:
        wrong.append(f"{situation}: expected {part!r} in\n{text}")


def check(folder):
    wrong = []
    source, output = folder / "source", folder / "build_info.cpp"
    source.mkdir()
    (source / "file").write_text("1", encoding="utf-8")

    text = write(source, output)
    expect(wrong, text, 'return "unknown"', "no working copy")
    expect(wrong, text, 'return "1.2.3"', "version")
    expect(wrong, text, 'return "Some 4.5 (Release)"', "compiler")

    git(folder, "init", "--quiet")
    expect(wrong, write(source, output), 'return "unknown"', "working copy of an outer folder")

    git(source, "init", "--quiet")
    expect(wrong, write(source, output), 'return "unknown"', "no commit yet")

    git(source, "add", "file")
    git(source, "commit", "--quiet", "-m", "first")
    commit = git(source, "rev-parse", "--short=12", "HEAD")
    expect(wrong, write(source, output), f'return "{commit}"', "clean")
    expect(wrong, write(source, output, program=""), 'return "unknown"', "git is not installed")

    write(source, output)
    os.utime(output, (1, 1))
    write(source, output)
    if output.stat().st_mtime != 1:
        wrong.append("nothing changed, and yet the file was written again")

    (source / "untracked").write_text("1", encoding="utf-8")
    expect(wrong, write(source, output), f'return "{commit}"', "untracked file")
    (source / "file").write_text("2", encoding="utf-8")
    expect(wrong, write(source, output), f'return "{commit}-dirty"', "modified file")
    return wrong


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.exit(tidy.report(check(Path(name))))
