#!/usr/bin/env python3
"""Hides one library after the other and expects CMake to name the Debian package to install."""

import subprocess
import sys
import tempfile
from pathlib import Path

import tidy

# By CMake's package, or by the files that pkg-config must not see.
CMAKE_PACKAGES = {
    "PkgConfig": "pkg-config",
    "yaml-cpp": "libyaml-cpp-dev",
    "nlohmann_json": "nlohmann-json3-dev",
    "fmt": "libfmt-dev",
    "spdlog": "libspdlog-dev",
    "CLI11": "libcli11-dev",
    "Eigen3": "libeigen3-dev",
    "ZLIB": "zlib1g-dev",
    "OpenSSL": "libssl-dev",
    "GTest": "libgtest-dev",
    "Python3": "python3",
}
PKG_CONFIG_FILES = {
    "hwloc": "libhwloc-dev",
    "hdf5": "libhdf5-dev",
}


def configure(folder, *options, environment=None):
    """The exit code and the output of CMake with the cache of the run before forgotten."""
    (folder / "CMakeCache.txt").unlink(missing_ok=True)
    command = ["cmake", "-G", "Ninja", "-S", str(tidy.ROOT), "-B", str(folder),
               "-D", "NEXA_DEVELOPER_MODE=ON", *options]
    if environment:
        command = ["env", *environment, *command]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    return result.returncode, " ".join((result.stdout + result.stderr).split())


def pkg_config_without(name, folder):
    """A folder with all the system's pkg-config files but those of one library."""
    paths = subprocess.run(["pkg-config", "--variable", "pc_path", "pkg-config"], check=True,
                           capture_output=True, text=True).stdout.strip()
    folder.mkdir()
    for path in paths.split(":"):
        for file in Path(path).glob("*.pc"):
            link = folder / file.name
            if not file.name.startswith(name) and not link.exists():
                link.symlink_to(file)
    return [f"PKG_CONFIG_LIBDIR={folder}"]


def expect_named(what, package, code, output):
    """A list with what is wrong: it must fail and name the package."""
    expected = f"install Debian's package '{package}'"
    if code == 0:
        return [f"{what} is hidden, and yet CMake succeeded"]
    if expected not in output:
        return [f"{what} is hidden: expected {expected!r} in: {output[-600:]}"]
    return []


def check(folder):
    wrong = []
    for name, package in CMAKE_PACKAGES.items():
        option = f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON"
        wrong += expect_named(name, package, *configure(folder / "build", option))
    for name, package in PKG_CONFIG_FILES.items():
        environment = pkg_config_without(name, folder / name)
        result = configure(folder / "build", environment=environment)
        wrong += expect_named(name, package, *result)
    listed = (tidy.ROOT / "packaging/debian-packages.txt").read_text(encoding="utf-8").split()
    for package in [*CMAKE_PACKAGES.values(), *PKG_CONFIG_FILES.values()]:
        if package not in listed:
            wrong.append(f"{package} is not in packaging/debian-packages.txt")
    return wrong


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.exit(tidy.report(check(Path(name))))
