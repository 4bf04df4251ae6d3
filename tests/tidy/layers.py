#!/usr/bin/env python3
"""Checks the direction of every #include against the table of the modules.

A module may include itself, the modules in its row, and the libraries in LIBRARIES that name it.
The pure modules include nothing but modules and the standard library, and of that only what can
neither read a clock nor touch a file.
"""

import re

import tidy

# Which modules each module may include, as in docs/ARCHITECTURE.md.
MODULES = {
    "core": set(),
    "tier": {"core"},
    "ledger": {"core"},
    "validator": {"core"},
    "scheduler": {"core", "tier", "ledger", "validator"},
    "simulator": {"core", "tier", "ledger", "validator", "scheduler"},
    "tuner": {"core", "tier", "ledger", "validator", "scheduler", "simulator"},
    "io": {"core", "tier", "ledger", "validator", "scheduler"},
    "plugins": {"core", "tier", "ledger", "validator", "scheduler", "io"},
    "daemon": {"core", "tier", "ledger", "validator", "scheduler", "io"},
    "cli": {"core", "tier", "ledger", "validator", "scheduler", "simulator", "tuner", "io"},
}
PURE = {"core", "tier", "ledger", "validator", "scheduler", "simulator"}

# Which modules may include the headers of a library. A header that matches no row and is not of
# the standard library is a finding in every module.
LIBRARIES = [
    (r"hwloc(\.h|/.+)", {"io"}),
    (r"yaml-cpp/.+", {"io"}),
    (r"(hdf5|hdf5_hl|H5\w+)\.h", {"io"}),
    (r"(zlib|zconf)\.h", {"io"}),
    (r"sodium(\.h|/.+)", {"io"}),
    (r"openssl/.+", {"io"}),
    (r"(sqlite3|libpq-fe)\.h", {"io"}),
    (r"nlohmann/.+", {"io", "cli", "daemon"}),
    (r"fmt/.+", {"io", "tuner", "cli", "daemon"}),
    (r"spdlog/.+", {"cli", "daemon"}),
    (r"CLI/.+", {"cli", "daemon"}),
    (r"httplib\.h", {"cli", "daemon"}),
    (r"Eigen/.+", {"validator", "tuner"}),
    (r"mpi\.h", {"tuner"}),
    (r"slurm/.+|src/.+", {"plugins"}),
    (r"(\w+mmintrin|arm_neon)\.h", {"io"}),
    # POSIX and Linux
    (r"(unistd|fcntl|signal|termios|dirent|dlfcn|poll|pwd|grp|netdb|spawn|cpuid)\.h",
     {"io", "tuner", "cli", "daemon", "plugins"}),
    (r"(sys|netinet|arpa|linux)/.+", {"io", "tuner", "cli", "daemon", "plugins"}),
]

STANDARD = set("""
algorithm any array atomic barrier bit bitset charconv chrono codecvt compare complex concepts
condition_variable coroutine deque exception execution filesystem format forward_list fstream
functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list
locale map memory memory_resource mutex new numbers numeric optional ostream queue random ranges
ratio regex scoped_allocator semaphore set shared_mutex source_location span sstream stack
stdexcept stop_token streambuf string string_view strstream syncstream system_error thread tuple
type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
cassert cctype cerrno cfenv cfloat cinttypes climits clocale cmath csetjmp csignal cstdarg cstddef
cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype
""".split())

# Files, clocks, threads, global state and the random numbers that differ between libraries.
# <chrono> is allowed: the duration types are used, and the clocks are caught by purity.py.
IMPURE = set("""
barrier condition_variable csignal cstdio ctime filesystem format fstream future iostream istream
latch locale mutex random regex semaphore shared_mutex stop_token syncstream thread clocale codecvt
""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def problem(module, quote, header):
    """Why `module` may not include the header, or None."""
    if quote == '"':
        target = header.split("/")[0]
        if target not in MODULES:
            return "is not written from the root of the repository"
        if target != module and target not in MODULES[module]:
            return f"is not allowed: {module} must not know {target}"
        return None
    if header in STANDARD:
        if module in PURE and header in IMPURE:
            return f"is not allowed in the pure module {module}"
        return None
    for pattern, modules in LIBRARIES:
        if re.fullmatch(pattern, header):
            return None if module in modules else f"is not allowed in {module}"
    return "is neither of the standard library nor in the table of tests/tidy/layers.py"


def check(root):
    findings = []
    for module in MODULES:
        for path in tidy.files(root / module, "*.cpp", "*.hpp", "*.h", "*.c"):
            for number, text in tidy.lines(path):
                match = INCLUDE.match(text)
                why = match and problem(module, match[1], match[2])
                if why:
                    where = f"{path.relative_to(root)}:{number}"
                    findings.append(f"{where}: #include {match[1]}{match[2]} {why}")
    return findings


GOOD = {
    "core/time.hpp": "#pragma once\n#include <chrono>\n#include <cstdint>\n",
    "scheduler/engine.cpp": '#include "scheduler/engine.hpp"\n#include "core/time.hpp"\n',
    "io/yaml.cpp": '#include <yaml-cpp/yaml.h>\n#include <fstream>\n#include "tier/catalog.hpp"\n',
    "cli/main.cpp": "#include <CLI/CLI.hpp>\n#include <nlohmann/json.hpp>\n#include <iostream>\n",
    "build/core/generated.cpp": "#include <fstream>\n",
}
BAD = [
    ({"core/a.cpp": '#include "scheduler/engine.hpp"\n'}, "core must not know scheduler"),
    ({"scheduler/policies/a.cpp": '#include "io/swf.hpp"\n'}, "scheduler must not know io"),
    ({"io/a.cpp": '#include "simulator/simulation.hpp"\n'}, "io must not know simulator"),
    ({"simulator/a.cpp": '\n  #  include "cli/table.hpp"\n'}, r"a\.cpp:2: .* must not know cli"),
    ({"daemon/a.cpp": '#include "cli/table.hpp"\n'}, "daemon must not know cli"),
    ({"core/a.hpp": "#include <fstream>\n"}, "not allowed in the pure module core"),
    ({"tier/a.hpp": "#include <iostream>\n"}, "not allowed in the pure module tier"),
    ({"scheduler/a.cpp": "#include <thread>\n"}, "not allowed in the pure module scheduler"),
    ({"scheduler/a.cpp": "#include <random>\n"}, "not allowed in the pure module scheduler"),
    ({"tier/a.cpp": "#include <hwloc.h>\n"}, "hwloc.h is not allowed in tier"),
    ({"scheduler/a.cpp": "#include <unistd.h>\n"}, "unistd.h is not allowed in scheduler"),
    ({"scheduler/a.cpp": "#include <fmt/format.h>\n"}, "not allowed in scheduler"),
    ({"cli/a.cpp": "#include <yaml-cpp/yaml.h>\n"}, "not allowed in cli"),
    ({"cli/a.cpp": "#include <hdf5.h>\n"}, "not allowed in cli"),
    ({"simulator/a.cpp": "#include <nlohmann/json.hpp>\n"}, "not allowed in simulator"),
    ({"io/a.cpp": "#include <boost/asio.hpp>\n"}, "neither of the standard library"),
    ({"io/a.cpp": '#include "yaml.hpp"\n'}, "not written from the root"),
    ({"core/a.cpp": '#include "../io/yaml.hpp"\n'}, "not written from the root"),
]

if __name__ == "__main__":
    tidy.run(check, GOOD, BAD)
