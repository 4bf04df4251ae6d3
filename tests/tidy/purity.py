#!/usr/bin/env python3
"""Checks that the pure modules call nothing that reads a clock, a file or the environment.

usage: purity.py [--nm NM] LIBRARY.a...
       purity.py --self-test --compiler CXX

The undefined symbols of each library are compared with a ban list, so that a way round the check
of the includes (a declaration by hand, a header that includes another) is found as well. The
self-test compiles one function per kind of violation and expects each of them to be found.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import tidy

BANNED = {
    "a clock": r"std::chrono::.*::now\(\)|time|clock|clock_gettime|gettimeofday|timespec_get|"
               r"ftime|localtime(_r)?|gmtime(_r)?|mktime|strftime",
    "a delay": r"(u|nano)?sleep|clock_nanosleep|std::this_thread::.*",
    "a file": r"(__)?(open|openat|creat|read|write|pread|pwrite|lseek|fopen|freopen|mmap|stat|"
              r"fstat|lstat)(64|_2|64_2|_chk)?|close|fdopen|fread|fwrite|fclose|fgets|getline|"
              r"f?scanf|unlink|remove|rename|mkdir|std::filesystem::.*|"
              r".*\bstd::basic_(i|o|)(fstream|filebuf)<.*",
    "the terminal": r"(__)?(v?f?printf|dprintf)(_chk)?|puts|fputs|putchar|fputc|putc|perror|"
                    r"std::(cout|cerr|clog|cin|wcout|wcerr|wclog|wcin)|std::ios_base::Init::.*|"
                    r"stdout|stderr|stdin",
    "random numbers of the system": r"s?rand|rand_r|s?random|[dlm]rand48|getrandom|getentropy|"
                                    r"arc4random.*|std::random_device::.*",
    "the environment": r"(secure_)?getenv|setenv|putenv|setlocale|std::locale::global\(.*",
    "the network": r"socket|connect|bind|listen|accept4?|send|sendto|recv|recvfrom|getaddrinfo",
    "a thread or process": r"pthread_create|std::thread::.*|v?fork|exec[vlpe]+|posix_spawnp?|"
                           r"system|popen|kill|signal|sigaction|_?exit|quick_exit",
    "a plugin": r"dl(open|sym)",
    "Slurm": r"slurm_.*",
}


def banned_kind(symbol):
    for kind, pattern in BANNED.items():
        if re.fullmatch(pattern, symbol):
            return kind
    return None


def undefined_symbols(nm, library):
    """Pairs of object file and demangled undefined symbol."""
    command = [nm, "--undefined-only", "--demangle", str(library)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    member = Path(library).name
    for line in output.splitlines():
        if line.endswith(":"):
            member = line[:-1]
        elif line.strip():
            yield member, line.strip().split(" ", 1)[-1].strip()


def check(nm, library):
    findings = []
    for member, symbol in undefined_symbols(nm, library):
        kind = banned_kind(symbol)
        if kind:
            findings.append(f"{Path(library).name}({member}): calls {symbol}, that is {kind}")
    return findings


PURE_CODE = """
#include <chrono>
#include <string>
#include <vector>
std::vector<std::string> f(std::chrono::microseconds d, double x) {
  return {std::to_string(d.count()), std::to_string(x)};
}
"""
IMPURE_CODE = [
    ("a clock", "#include <chrono>\nlong f() {"
                " return std::chrono::steady_clock::now().time_since_epoch().count(); }"),
    ("a clock", "#include <chrono>\nlong f() {"
                " return std::chrono::system_clock::now().time_since_epoch().count(); }"),
    ("a clock", "#include <ctime>\nlong f() { return std::time(nullptr); }"),
    ("a clock", 'extern "C" int clock_gettime(int, void*);\n'
                "int f(void* p) { return clock_gettime(0, p); }"),
    ("a delay", "#include <chrono>\n#include <thread>\n"
                "void f() { std::this_thread::sleep_for(std::chrono::seconds(1)); }"),
    ("a file", '#include <cstdio>\nvoid* f() { return std::fopen("a", "r"); }'),
    ("a file", '#include <fcntl.h>\nint f() { return open("a", O_RDONLY); }'),
    ("a file", '#include <fstream>\nbool f() { return std::ifstream("a").good(); }'),
    ("a file", '#include <filesystem>\nbool f() { return std::filesystem::exists("a"); }'),
    ("the terminal", '#include <cstdio>\nvoid f(int i) { std::printf("%d", i); }'),
    ("the terminal", '#include <cstdio>\nvoid f() { std::puts("a"); }'),
    ("the terminal", '#include <iostream>\nvoid f() { std::cout << "a"; }'),
    ("random numbers", "#include <cstdlib>\nint f() { return std::rand(); }"),
    ("random numbers", "#include <random>\nunsigned f() { return std::random_device{}(); }"),
    ("the environment", '#include <cstdlib>\nchar* f() { return std::getenv("HOME"); }'),
    ("the network", "#include <sys/socket.h>\nint f() { return socket(1, 1, 0); }"),
    ("a thread", "#include <thread>\nvoid f() { std::thread([] {}).join(); }"),
    ("a thread", '#include <cstdlib>\nint f() { return std::system("ls"); }'),
    ("a plugin", "#include <dlfcn.h>\nvoid* f() { return dlopen(nullptr, 1); }"),
    ("Slurm", 'extern "C" void slurm_info(const char*);\nvoid f() { slurm_info("a"); }'),
]


def compiled(compiler, nm, code, options):
    """The findings in a piece of code."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "code.cpp", Path(folder) / "code.o"
        source.write_text(code, encoding="utf-8")
        command = [compiler, "-std=c++20", *options, "-c", str(source), "-o", str(target)]
        subprocess.run(command, check=True)
        return check(nm, target)


def self_test(compiler, nm):
    wrong = []
    for options in (["-O0"], ["-O2", "-D_FORTIFY_SOURCE=2"]):
        for finding in compiled(compiler, nm, PURE_CODE, options):
            wrong.append(f"{options}: finding in pure code: {finding}")
        for kind, code in IMPURE_CODE:
            findings = compiled(compiler, nm, code, options)
            if not any(f"that is {kind}" in finding for finding in findings):
                wrong.append(f"{options}: {kind} not found in: {code}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("libraries", nargs="*")
    arguments = parser.parse_args()
    if arguments.self_test:
        sys.exit(tidy.report(self_test(arguments.compiler, arguments.nm)))
    if not arguments.libraries:
        parser.error("no library given")
    findings = []
    for library in arguments.libraries:
        findings += check(arguments.nm, library)
    sys.exit(tidy.report(findings))


if __name__ == "__main__":
    main()
