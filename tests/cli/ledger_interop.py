"""Checkpoints and proofs of `nexa ledger`, verified by the library of the Go project."""

import base64
import os
import random
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import common
from common import SOURCES, CommandTest

VECTORS = SOURCES / "tests/data/vectors"
# Where Debian's package golang-golang-x-mod-dev puts its sources.
LIBRARIES = Path("/usr/share/gocode")
NOTES = LIBRARIES / "src/golang.org/x/mod/sumdb/note"
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
VECTOR_KEY = ("PRIVATE+KEY+nexapod.example/ledger/test+875443ae+" +
              base64.b64encode(b"\1" + SEED).decode() + "\n")
PAID = """\
name: paid
workload: {synthetic: {jobs: 40}}
platform: cores:16
validation: {policy: adaptive, min_quorum: 1, distinct: [machine]}
credits: {}
"""

# Commands that hold keys do not let other processes into their memory, such as a leak checker.
common.ENVIRONMENT["ASAN_OPTIONS"] = "detect_leaks=0"


@unittest.skipUnless(shutil.which("go"), "the program go is not installed")
@unittest.skipUnless(NOTES.is_dir(), "golang-golang-x-mod-dev is not installed")
class Interoperation(CommandTest):
    @classmethod
    def setUpClass(cls):
        # Beside the command, so that Go's own library is compiled once for all runs.
        built = Path(common.NEXA).resolve().parent.parent / "interop"
        built.mkdir(exist_ok=True)
        cls.program = built / "check"
        environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(LIBRARIES), "GOFLAGS": "",
                       "GOPROXY": "off", "CGO_ENABLED": "0", "GOCACHE": str(built / "cache"),
                       "GOTOOLCHAIN": "local"}
        done = subprocess.run(
            ["go", "build", "-o", str(cls.program), str(SOURCES / "tests/interop/go/check.go")],
            env=environment, capture_output=True, text=True, timeout=500, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def check(self, *words):
        return subprocess.run([str(self.program), *words], cwd=self.folder, capture_output=True,
                              text=True, timeout=60, check=False)

    def holds(self, says, *words):
        done = self.check(*words)
        self.assertEqual((done.returncode, done.stdout), (0, says + "\n"), done.stderr)

    def fails_to_hold(self, says, *words):
        done = self.check(*words)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(says, done.stderr)

    def test_the_vectors(self):
        for path in VECTORS.iterdir():
            if path.is_file():
                shutil.copy(path, self.folder / path.name)
        origin = "nexapod.example/ledger/test"
        for name in ("checkpoint", "checkpoint.cosigned"):
            self.holds(f"checkpoint {origin} 7", "checkpoint", "vkey", name, "ledger.jsonl")
        self.holds("record 3 of 7", "record", "vkey", "entry3.tlog-proof", "ledger.jsonl")
        self.write("log.key", VECTOR_KEY).chmod(0o600)
        proofs = re.findall(r"^consistency (\d+)->7: (.*)$",
                            (VECTORS / "values.txt").read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(len(proofs), 2)
        lines = (VECTORS / "ledger.jsonl").read_bytes().splitlines(keepends=True)
        for size, proof in proofs:
            self.write("part.jsonl", b"".join(lines[:int(size)]))
            self.sign("part.jsonl", "old" + size, state="state" + size)
            hashes = [base64.b64encode(bytes.fromhex(word)).decode() for word in proof.split()]
            self.write("request", "\n".join([f"old {size}", *hashes, "", ""]) +
                       (VECTORS / "checkpoint").read_text(encoding="utf-8"))
            self.holds(f"tree {size} to 7", "tree", "vkey", "old" + size, "request")

    def journal(self):
        """The journal of a simulated run, its key, and a copy of its beginning."""
        self.write("s.yaml", PAID)
        self.succeeds("sim", "run", "s.yaml", "--ledger", "ledger.jsonl")
        self.write("vkey", self.succeeds("key", "new", "simulation/paid", "--out", "log.key", "-q"))
        lines = (self.folder / "ledger.jsonl").read_bytes().splitlines(keepends=True)
        self.assertGreater(len(lines), 100)
        return lines

    def sign(self, journal, name, state="state"):
        self.succeeds("ledger", "checkpoint", journal, "--key-file", "log.key", "--state", state,
                      "-o", name)

    def test_a_simulated_ledger(self):
        lines = self.journal()
        count = len(lines)
        # A chain of transfers must not be cut; the first entries are none.
        sizes = [size for size in (1, 2, 3) if size < count]
        for size in sizes:
            self.write("part.jsonl", b"".join(lines[:size]))
            self.sign("part.jsonl", f"old{size}")
            self.holds(f"checkpoint simulation/paid {size}", "checkpoint", "vkey", f"old{size}",
                       "ledger.jsonl")
        self.sign("ledger.jsonl", "new")
        self.holds(f"checkpoint simulation/paid {count}", "checkpoint", "vkey", "new",
                   "ledger.jsonl")
        for size in sizes:
            self.succeeds("ledger", "prove", "ledger.jsonl", "--old-size", size, "--checkpoint",
                          "new", "-o", "request")
            self.holds(f"tree {size} to {count}", "tree", "vkey", f"old{size}", "request")
        draws = random.Random(count)
        for index in sorted({0, 1, count - 1, *(draws.randrange(count) for _ in range(10))}):
            self.succeeds("ledger", "prove", "ledger.jsonl", "--index", index, "--checkpoint",
                          "new", "-o", "receipt")
            self.holds(f"record {index} of {count}", "record", "vkey", "receipt", "ledger.jsonl")

    def test_what_was_tampered_with_does_not_hold(self):
        lines = self.journal()
        self.sign("ledger.jsonl", "new")
        self.succeeds("ledger", "prove", "ledger.jsonl", "--index", 5, "--checkpoint", "new", "-o",
                      "receipt")
        other = list(lines)
        other[5] = other[5].replace(b'"v":1', b'"v":2')
        self.assertNotEqual(other[5], lines[5])
        self.write("other.jsonl", b"".join(other))
        self.fails_to_hold("is another", "checkpoint", "vkey", "new", "other.jsonl")
        self.fails_to_hold("invalid transparency proof", "record", "vkey", "receipt", "other.jsonl")
        signed = (self.folder / "new").read_text(encoding="utf-8")
        self.write("forged", signed.replace(f"\n{len(lines)}\n", f"\n{len(lines) - 1}\n", 1))
        self.fails_to_hold("invalid signature", "checkpoint", "vkey", "forged", "ledger.jsonl")


if __name__ == "__main__":
    common.main()
