#!/usr/bin/env python3
"""Checks for words that must not be committed: marks of unfinished work, conflict markers, and
paths that exist on one machine only.
"""

import re

import tidy

TEXTS = ("*.cpp", "*.hpp", "*.h", "*.c", "*.py", "*.sh", "*.cmake", "*.txt", "*.md", "*.yaml",
         "*.yml", "*.json", "*.ts", "*.js", "*.mjs", "*.css", "*.html", "Makefile", "run")
# Written by other tools, or itself the list of the words.
EXEMPT = ("package-lock.json", "*.min.js", "web/dist/*", "tests/tidy/words.py")

BANNED = [
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "finish it, or open an issue instead"),
    (re.compile(r"^(<{7}|>{7}|={7})( |$)"), "is a conflict marker"),
    (re.compile(r"(?<![\w.~$}-])/(root|work)/\w+"), "is a path of one machine"),
]


def check(root):
    findings = []
    for path in tidy.files(root, *TEXTS):
        name = path.relative_to(root)
        if any(name.match(pattern) for pattern in EXEMPT):
            continue
        for number, text in tidy.lines(path):
            for pattern, why in BANNED:
                match = pattern.search(text)
                if match:
                    findings.append(f"{name}:{number}: '{match[0]}' {why}")
    return findings


GOOD = {
    "core/a.cpp": "// The hackathon's todo list was XXXL.\nint a;\n",
    "docs/a.md": "See /usr/share/doc and docs/work/plan.\n\n======\n",
    "web/package-lock.json": "TODO",
}
BAD = [
    ({"core/a.cpp": "int a;  // TODO: more\n"}, r"core/a\.cpp:1: 'TODO'"),
    ({"docs/a.md": "FIXME\n"}, "FIXME"),
    ({"cmake/a.cmake": "\n# XXX\n"}, ":2: 'XXX'"),
    ({"core/a.hpp": "<<<<<<< HEAD\n"}, "conflict marker"),
    ({"configs/a.yaml": "path: /work/main\n"}, "path of one machine"),
    ({"tests/cli/a.sh": "cat '/root/data'\n"}, "path of one machine"),
]

if __name__ == "__main__":
    tidy.run(check, GOOD, BAD)
