"""`nexa result`: results are compared as asked, in bounded memory; the exit code is the verdict."""

import array
import json
import random
import shutil
import subprocess
import sys

import common
from common import ENVIRONMENT, NEXA, CommandTest

MIB = 1 << 20


class ResultTest(CommandTest):
    def compare(self, a, b, *words, code=0):
        done = self.nexa("result", "compare", a, b, *words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def comparison(self, a, b, comparator, code=0):
        return json.loads(self.compare(a, b, "--comparator", comparator, "--json", code=code))


class Verdicts(ResultTest):
    def setUp(self):
        super().setUp()
        self.write("a.txt", "step 1\nenergy -1.000000 J\n")
        self.write("b.txt", "step 1\nenergy -1.000001 J\n")

    def test_bytes_by_default(self):
        self.assertEqual(self.compare("a.txt", "a.txt"), "equal, by exact\n")
        self.assertEqual(self.compare("a.txt", "b.txt", code=1),
                         "different: the first byte that differs is at offset 22\n")

    def test_numbers_within_a_tolerance(self):
        text = self.compare("a.txt", "b.txt", "--comparator", "absrel:rtol=1e-5")
        self.assertEqual(text, "equal: 2 numbers, by absrel\n"
                         "  largest deviation: line 2: -1 and -1.000001, 1e-06 apart, "
                         "0.1 of what is allowed\n")
        text = self.compare("a.txt", "b.txt", "--comparator", "absrel:rtol=1e-7", code=1)
        self.assertRegex(text, r"^different: line 2: -1 and -1.000001 are .* apart, "
                               r"\S+ of what is allowed\n  2 numbers compared, 1 outside")

    def test_the_document(self):
        document = self.comparison("a.txt", "b.txt", "absrel:rtol=1e-5")
        self.assertEqual(document["schema"], "nexa.result_compare/1")
        self.assertEqual(document["agreement"], "equal")
        self.assertEqual(document["comparator"]["parameters"],
                         "rtol=1e-05,atol=0,nan=reject,format=text")
        self.assertRegex(document["comparator"]["sha256"], "^[0-9a-f]{64}$")
        self.assertAlmostEqual(document["distance"], 0.1, places=5)
        self.assertEqual((document["values"], document["mismatches"]), (2, 0))
        self.assertEqual(document["largest"]["where"], "line 2")
        self.assertEqual(document["largest"]["b"], "-1.000001")
        different = self.comparison("a.txt", "b.txt", "exact", code=1)
        self.assertIsNone(different["distance"])
        self.assertEqual(different["differences"],
                         [{"where": "", "what": "the first byte that differs is at offset 22"}])

    def test_what_cannot_be_judged_is_neither_equal_nor_different(self):
        self.write("odd.bin", b"1234567")
        text = self.compare("odd.bin", "odd.bin", "--comparator", "ulp:format=f64", code=2)
        self.assertEqual(text, "incomparable: 7 bytes are no whole number of values of 8 bytes\n")
        self.assertEqual(self.comparison("odd.bin", "odd.bin", "ulp:format=f64", code=2)
                         ["unreadable"], "both")

    def test_a_lean_inside_the_tolerance_is_told(self):
        draw = random.Random(7)
        honest = [draw.uniform(1, 100) for _ in range(500)]
        self.write("honest", "\n".join(map(repr, honest)))
        self.write("noisy", "\n".join(repr(x * (1 + draw.uniform(-1e-7, 1e-7))) for x in honest))
        self.write("moved", "\n".join(repr(x * (1 + 9e-7)) for x in honest))
        spec = "absrel:rtol=1e-6"
        self.assertEqual(self.comparison("honest", "noisy", spec)["bias_count"], 0)
        moved = self.comparison("honest", "moved", spec)
        self.assertEqual(moved["agreement"], "equal")
        self.assertAlmostEqual(moved["biases"][0]["mean"], -0.9, places=3)
        self.assertIn("biased: A - B is -0.9 of what is allowed on average of 500 numbers",
                      self.compare("honest", "moved", "--comparator", spec))

    def test_folders(self):
        for side in ("one", "two"):
            shutil.copytree(self.folder, self.folder.parent / (self.folder.name + side))
            self.addCleanup(shutil.rmtree, self.folder.parent / (self.folder.name + side))
        one, two = (self.folder.parent / (self.folder.name + side) for side in ("one", "two"))
        self.assertEqual(self.compare(one, two, "--comparator", "absrel"),
                         "equal: 4 numbers, by absrel\n")
        (two / "b.txt").write_text("step 2\n", encoding="utf-8")
        (two / "more").write_text("", encoding="utf-8")
        self.assertRegex(self.compare(one, two, "--comparator", "absrel", code=1),
                         r"^different: b.txt:1: 1 and 2 .*\n  b.txt:2: 'energy' and the end of "
                         r"the text\n  more: only B has it\n")

    def test_an_order_of_the_two_does_not_matter(self):
        draw = random.Random(11)
        for _ in range(20):
            words = ["1.5", "x", "2", "nan", "-0", "0", "1e9", "\n", ";"]
            self.write("p", " ".join(draw.choices(words, k=12)))
            self.write("q", " ".join(draw.choices(words, k=12)))
            done = [self.nexa("result", "compare", *pair, "--comparator", "absrel", "--json")
                    for pair in (("p", "q"), ("q", "p"))]
            self.assertEqual(done[0].returncode, done[1].returncode)
            there, back = (json.loads(each.stdout) for each in done)
            for key in ("agreement", "distance", "values", "mismatches", "difference_count"):
                self.assertEqual(there[key], back[key], key)


class Mistakes(ResultTest):
    def test_comparators_that_are_wrong(self):
        self.write("a", "1\n")
        for spec, message, hint in [
                ("absrell", "--comparator: unknown comparator 'absrell'", "did you mean 'absrel'?"),
                ("absrel:rtl=1", "has no parameter 'rtl'", "did you mean 'rtol'?"),
                ("absrel:rtol=5", "'rtol' has the value '5'", "a number from 0 to 1"),
                ("absrel:rtol", "is followed by 'rtol'", "name=value"),
                ("ulp:format=f63", "has the value 'f63'", "did you mean"),
                ("script", "does not say which program", "path=FILE"),
                ("hdf5+/u:atol=-1", "'atol' has the value '-1'", "a number from 0"),
                ("script:path=absent", "cannot open 'absent'", "check the path"),
                ("ensemble:summary=a", "no summary of trusted runs", "nexa result ensemble")]:
            self.fails(2, "result", "compare", "a", "a", "--comparator", spec, says=[message, hint])

    def test_results_that_are_not_there(self):
        self.write("a", "1\n")
        self.fails(2, "result", "compare", "a", "b", says="b: error: cannot open 'b'")
        self.fails(2, "result", "compare", "a", says="b is required")
        self.assertEqual(self.compare("a", ".", code=1), "different: a file and a folder\n")

    def test_names_of_comparators(self):
        self.fails(2, "result", "comparators", "exakt", says="did you mean 'exact'?")
        for name in ("exact", "ulp", "absrel", "hdf5", "script", "ensemble"):
            document = self.document("result", "comparators", name)
            self.assertEqual((document["schema"], document["name"]), ("nexa.comparator/1", name))
            text = self.succeeds("result", "comparators", name)
            for parameter in document["parameters"]:
                self.assertRegex(text, rf"(?m)^{parameter['name']} ")
        listed = self.document("result", "comparators")["comparators"]
        self.assertEqual(len(listed), 6)
        self.assertEqual(len(self.succeeds("result", "comparators").splitlines()), 7)


class Scripts(ResultTest):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)  # root's scripts run as nobody
        self.write("a", "1\n")
        self.write("b", "2\n")
        self.write("check.sh", "#!/bin/sh\ncmp \"$1\" \"$2\"\n")
        probe = self.nexa("result", "compare", "a", "a", "--comparator", "script:path=check.sh")
        if probe.returncode == 2 and "error:" in probe.stderr:
            self.skipTest(probe.stderr)

    def test_a_script_decides(self):
        self.assertEqual(self.compare("a", "a", "--comparator", "script:path=check.sh"),
                         "equal, by script\n")
        text = self.compare("a", "b", "--comparator", "script:path=check.sh", code=1)
        self.assertRegex(text, "^different: the program says '/input/a /input/b differ")

    def test_a_script_that_does_not_end(self):
        self.write("loop.sh", "#!/bin/sh\nwhile :; do :; done\n")
        text = self.compare("a", "b", "--comparator", "script:path=loop.sh,wall=1", code=2)
        self.assertEqual(text, "incomparable: the program was killed, since it did not end within "
                         "1 s\n")

    def test_without_bubblewrap_it_is_refused(self):
        done = subprocess.run([NEXA, "result", "compare", "a", "b", "--comparator",
                               "script:path=check.sh"], cwd=self.folder, capture_output=True,
                              env={**ENVIRONMENT, "PATH": "/nowhere"}, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("bubblewrap (bwrap) was not found", done.stderr)
        self.assertIn("install Debian's package 'bubblewrap'", done.stderr)


class Ensembles(ResultTest):
    def test_from_trusted_runs_to_a_verdict(self):
        draw = random.Random(5)

        def table(name, runs, shift=0.0):
            rows = [",".join(f"v{i}" for i in range(12))]
            for _ in range(runs):
                rows.append(",".join(repr(draw.gauss(10 + shift, 1)) for i in range(12)))
            self.write(name, "\n".join(rows) + "\n")

        table("trusted.csv", 80)
        table("a.csv", 3)
        table("b.csv", 3)
        table("wrong.csv", 3, shift=8)
        text = self.succeeds("result", "ensemble", "trusted.csv", "-o", "trusted.json")
        self.assertEqual(text, "wrote trusted.json: 80 runs, 12 variables that vary, 0 that do "
                         "not, 12 components\n")
        spec = "ensemble:summary=trusted.json"
        self.assertEqual(self.compare("a.csv", "b.csv", "--comparator", spec),
                         "equal, by ensemble\n")
        self.assertRegex(self.compare("a.csv", "wrong.csv", "--comparator", spec, code=1),
                         r"^different: B: unlike the trusted runs: \d+ components fail: ")
        self.fails(2, "result", "ensemble", "absent.csv", "-o", "x.json", says="absent.csv")
        self.write("one.csv", "u\n1\n")
        self.fails(2, "result", "ensemble", "one.csv", "-o", "x.json",
                   says="one.csv: error: 1 trusted runs show no spread")


class Memory(ResultTest):
    """Files that are larger than the memory that the comparison may use."""

    def sparse(self, name, size, values):
        """A file of zeros but for some numbers at some indices."""
        with open(self.folder / name, "wb") as file:
            file.truncate(size)
            for index, value in values.items():
                file.seek(8 * index)
                file.write(array.array("d", [value]).tobytes())

    def peak_of(self, *words, code):
        """What the command says, and the most memory that it used, in MiB."""
        # The peak of children is that of all of them, so each command gets a parent of its own.
        program = ("import resource, subprocess, sys\n"
                   "done = subprocess.run(sys.argv[1:], capture_output=True, text=True)\n"
                   "used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
                   "print(done.returncode, used, done.stdout + done.stderr, sep='\\n')")
        done = subprocess.run([sys.executable, "-c", program, NEXA, *map(str, words)],
                              cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True,
                              timeout=300, check=True)
        returned, used, said = done.stdout.split("\n", 2)
        self.assertEqual(int(returned), code, said)
        return said, int(used) / 1024

    def test_large_arrays(self):
        size = 1 << 30
        last = size // 8 - 1
        self.sparse("a", size, {5: 1.0, last: 1.0})
        self.sparse("b", size, {5: 1.0 + 1e-9, last: 2.0})
        for comparator, expected in [
                ("absrel:rtol=1e-6,format=f64", rf"^different: number {last}: 1 and 2 are 1 apart"),
                ("exact", r"^different: the first byte that differs is at offset 4\d\n")]:
            said, peak = self.peak_of("result", "compare", "a", "b", "--comparator", comparator,
                                      code=1)
            self.assertRegex(said, expected)
            self.assertLess(peak, 300)

    def test_a_text_of_one_long_line(self):
        with open(self.folder / "a", "wb") as file:
            for _ in range(64):
                file.write(b"x" * MIB)
        said, peak = self.peak_of("result", "compare", "a", "a", "--comparator", "absrel", code=0)
        self.assertEqual(said.strip(), "equal, by absrel")
        self.assertLess(peak, 100)


if __name__ == "__main__":
    common.main()
