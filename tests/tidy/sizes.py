#!/usr/bin/env python3
"""Checks the sizes of source files and the width of their lines.

Functions of more than 70 lines are found by clang-tidy (readability-function-size).
"""

import tidy

WIDTH = 100
SOURCES = ("*.cpp", "*.hpp", "*.h", "*.c")
SCRIPTS = ("*.py", "*.sh", "*.cmake", "CMakeLists.txt", "Makefile")


def limits(path):
    """The soft and the hard limit of lines, by the path from the root."""
    if path.parts[0] == "tests":
        return 500, 500
    return (400, 600) if path.suffix in (".cpp", ".c") else (200, 350)


def check(root):
    findings = []
    for path in tidy.files(root, *SOURCES):
        name = path.relative_to(root)
        count, (_, hard) = len(tidy.lines(path)), limits(name)
        if count > hard:
            findings.append(f"{name}: {count} lines, the limit is {hard}")
    for path in tidy.files(root, *SOURCES, *SCRIPTS):
        for number, text in tidy.lines(path):
            if len(text) > WIDTH:
                where = f"{path.relative_to(root)}:{number}"
                findings.append(f"{where}: {len(text)} columns, the limit is {WIDTH}")
    return findings


def notes(root):
    """Files that have outgrown the soft limit."""
    found = []
    for path in tidy.files(root, *SOURCES):
        name = path.relative_to(root)
        count, (soft, hard) = len(tidy.lines(path)), limits(name)
        if soft < count <= hard:
            found.append(f"{name}: {count} lines, better at most {soft}")
    return found


GOOD = {
    "core/a.cpp": "int a;\n" * 600,
    "core/a.hpp": "int a;\n" * 350,
    "tests/core/a_test.cpp": "int a;\n" * 500,
    "core/wide.cpp": "// " + "–" * 97 + "\n",
    "docs/table.md": "x" * 400,
}
BAD = [
    ({"core/a.cpp": "int a;\n" * 601}, r"core/a\.cpp: 601 lines"),
    ({"core/a.hpp": "int a;\n" * 351}, r"core/a\.hpp: 351 lines"),
    ({"tests/core/a_test.cpp": "int a;\n" * 501}, "501 lines"),
    ({"core/a.cpp": "int a;\n//" + "x" * 99 + "\n"}, r"core/a\.cpp:2: 101 columns"),
    ({"tests/tidy/a.py": "x" * 101}, "101 columns"),
]

if __name__ == "__main__":
    tidy.run(check, GOOD, BAD, notes)
