#!/usr/bin/env python3
"""Checks that the repository says what is needed, never from where to fetch it: lock files carry
versions and checksums but no addresses, and there is no configuration of a package manager. Each
site has its own mirrors, and a recorded address would go round them.
"""

import re

import tidy

LOCK_FILES = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml")
SETTINGS = (".npmrc", ".yarnrc", ".yarnrc.yml", "pip.conf", "sources.list", "*.sources", ".netrc")
SCRIPTS = ("*.sh", "Makefile", "run", "*.cmake", "CMakeLists.txt")
ADDRESS = re.compile(r"\"resolved\"\s*:|^\s*resolved\s|\btarball:|https?://[^\s\"']*\.tgz")
FETCH = re.compile(r"\b(curl|wget|FetchContent_Declare|ExternalProject_Add)\b|--registry\b"
                   r"|--index-url\b|\bdeb\s+(\[.*\]\s*)?https?://")


def matches(path, root, pattern):
    return [f"{path.relative_to(root)}:{number}: '{match[0].strip()}'"
            for number, text in tidy.lines(path) for match in [pattern.search(text)] if match]


def check(root):
    findings = []
    for path in tidy.files(root, *LOCK_FILES):
        findings += [f"{found} records an address" for found in matches(path, root, ADDRESS)]
    for path in tidy.files(root, *SETTINGS):
        findings.append(f"{path.relative_to(root)}: settings of a package manager")
    for path in tidy.files(root, *SCRIPTS):
        findings += [f"{found} fetches from an address" for found in matches(path, root, FETCH)]
    return findings


GOOD = {
    "web/package-lock.json": '{"packages": {"node_modules/uplot": {"version": "1.6.0",\n'
                             '"integrity": "sha512-x", "funding": "https://example.org/fund"}}}\n',
    "packaging/setup.sh": "apt-get install -y cmake\n",
    "cmake/a.cmake": "find_package(fmt)\n",
}
BAD = [
    ({"web/package-lock.json": '{\n"resolved": "https://example.org/a.tgz"}'}, ":2: .*address"),
    ({"web/yarn.lock": '  resolved "https://example.org/a.tgz#1"\n'}, "records an address"),
    ({"web/.npmrc": "registry=https://example.org\n"}, "settings of a package manager"),
    ({"packaging/a.sh": "echo 'deb http://example.org bookworm main'\n"}, "fetches"),
    ({"packaging/a.sh": "curl -O https://example.org/a\n"}, "fetches"),
    ({"cmake/a.cmake": "FetchContent_Declare(fmt)\n"}, "fetches"),
    ({"Makefile": "a:\n\tnpm install --registry=https://example.org\n"}, "fetches"),
]

if __name__ == "__main__":
    tidy.run(check, GOOD, BAD)
