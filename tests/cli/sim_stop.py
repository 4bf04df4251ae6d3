"""Runs that are stopped, and outputs that cannot be written."""

import csv
import json
import os
import resource
import signal
import subprocess
import time
import unittest

import common
from common import KTH, CommandTest, swf

# Far more jobs than the machine can take, so that the plan of reservations grows and grows.
ENDLESS = swf([(i, 50 + i * 37 % 400, 1 + i * 31 % 60, 500 + i * 7 % 100) for i in range(60_000)])
OUTPUTS = ["--csv", "out", "--out", "out/run.h5", "--report", "out/run.html", "--event-log",
           "out/run.jsonl"]
ENDLESS_RUN = ["sim", "run", "--workload", "endless.swf", "--platform", "cores:100", "--policy",
               "conservative", *OUTPUTS]


class Interruption(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("endless.swf", ENDLESS)

    def interrupt(self, number, *more):
        """Sends a signal when the run is under way; returns what it said."""
        process = self.start(*ENDLESS_RUN, *more)
        self.wait_until_under_way(process)
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def wait_until_under_way(self, process):
        log = self.folder / "out/run.jsonl.partial"
        deadline = time.monotonic() + 60
        while not (log.exists() and log.stat().st_size > 1_000_000):
            self.assertIsNone(process.poll(), "the run ended before it could be interrupted")
            self.assertLess(time.monotonic(), deadline, "the run did not get under way")
            time.sleep(0.01)

    def assert_files_are_whole(self):
        wanted = ["jobs.csv", "meta.json", "run.h5", "run.html", "run.jsonl"]
        self.assertEqual(self.files(), ["endless.swf", *("out/" + name for name in wanted)])
        meta = json.loads((self.folder / "out/meta.json").read_text(encoding="utf-8"))
        self.assertFalse(meta["complete"])
        with open(self.folder / "out/jobs.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        self.assertEqual({len(row) for row in rows}, {24})
        self.assertIn("stopped before its end",
                      (self.folder / "out/run.html").read_text(encoding="utf-8"))
        replayed = self.nexa("replay", "out/run.jsonl")
        self.assertEqual(replayed.returncode, 0, replayed.stdout)
        self.assertIn("stopped before its end", replayed.stderr)

    def test_sigint_leaves_whole_files_of_the_part_that_ran(self):
        code, out, err = self.interrupt(signal.SIGINT, "--json")
        self.assertEqual(code, 130)
        self.assertIn("nexa: interrupted after", err)
        run = json.loads(out)
        self.assertFalse(run["complete"])
        self.assertEqual(run["jobs_finished"] + run["jobs_unfinished"], 60_000)
        self.assertGreater(run["jobs_unfinished"], 0)
        self.assert_files_are_whole()

    def test_sigterm_does_the_same_with_its_own_code(self):
        code, out, _ = self.interrupt(signal.SIGTERM)
        self.assertEqual(code, 143)
        self.assertIn("the run was stopped before its end", out)
        self.assert_files_are_whole()

    def test_sigkill_leaves_no_file_under_its_final_name(self):
        code, _, _ = self.interrupt(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL)
        for name in self.files():
            self.assertTrue(name == "endless.swf" or name.endswith(".partial"), name)
        # What was logged up to then can still be replayed.
        replayed = self.nexa("replay", "out/run.jsonl.partial")
        self.assertEqual(replayed.returncode, 0, replayed.stdout + replayed.stderr)
        self.assertIn("its run was killed", replayed.stderr)

    def test_a_second_signal_ends_the_process_at_once(self):
        process = self.start(*ENDLESS_RUN)
        self.wait_until_under_way(process)
        process.send_signal(signal.SIGSTOP)  # so that both signals are there before it can end
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=120)
        self.assertIn(process.returncode, (-signal.SIGINT, -signal.SIGTERM))
        self.assertFalse((self.folder / "out/run.h5").exists())

    def test_sigusr1_prints_how_far_it_is(self):
        process = self.start(*ENDLESS_RUN)
        self.wait_until_under_way(process)
        process.send_signal(signal.SIGUSR1)
        line = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        self.assertRegex(line, r"^sim +\d+ % .* days .* events/s +queue \d+")

    def test_a_second_run_can_take_the_place_of_a_killed_one(self):
        self.interrupt(signal.SIGKILL)
        self.succeeds("sim", "run", "--workload", KTH, "--platform", "cores:100", "--first", 10,
                      *OUTPUTS)
        self.assertEqual([name for name in self.files() if name.endswith(".partial")], [])


PAID = """\
name: paid
workload: {synthetic: {jobs: 200000}}
platform: cores:100
validation: {policy: adaptive, min_quorum: 1, distinct: [machine]}
credits: {}
"""


class TwoRunsOfOneName(CommandTest):
    """The first is held in the middle of its work, and its outputs are all under way."""

    NAMES = ["run.h5", "run.html", "run.jsonl", "x.jsonl", "jobs.csv"]
    OUTPUTS = {"--out": "run.h5", "--report": "run.html", "--event-log": "run.jsonl",
               "--ledger": "x.jsonl", "--csv": "."}

    def setUp(self):
        super().setUp()
        self.write("s.yaml", PAID)

    def hold_a_run(self, *outputs, rest=None):
        """Stops a run whose journal has begun; `rest` is the inode of what one before it left."""
        process = self.start("sim", "run", "s.yaml", *outputs)
        self.addCleanup(self.end, process)
        deadline = time.monotonic() + 60
        while not self.has_begun(rest):
            self.assertIsNone(process.poll(), "the run ended before it could be held")
            self.assertLess(time.monotonic(), deadline, "the run did not get under way")
            time.sleep(0.01)
        process.send_signal(signal.SIGSTOP)
        return process

    def has_begun(self, rest):
        try:
            journal = (self.folder / "x.jsonl.partial").stat()
        except FileNotFoundError:
            return False
        return journal.st_ino != rest and journal.st_size > 0

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def finish(self, process):
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130)

    def entries(self):
        return self.document("ledger", "verify", "x.jsonl")["entries"]

    def test_the_second_is_told_and_the_first_is_not_harmed(self):
        outputs = [word for pair in self.OUTPUTS.items() for word in pair]
        first = self.hold_a_run(*outputs)
        before = self.files()
        for flag, name in self.OUTPUTS.items():
            self.fails(1, "sim", "run", "s.yaml", flag, name, says=[
                "another process is writing", name.rstrip("."), "choose another name"])
        self.assertEqual(self.files(), before)
        self.finish(first)
        self.assertEqual(self.files(), sorted(["s.yaml", "meta.json", *self.NAMES]))
        self.assertGreater(self.entries(), 0)

    def test_the_journal_of_a_killed_run_is_taken_over(self):
        self.end(self.hold_a_run("--ledger", "x.jsonl"))
        self.assertEqual(self.files(), ["s.yaml", "x.jsonl.partial"])
        # As long as it is open nobody else gets its inode.
        with open(self.folder / "x.jsonl.partial", encoding="utf-8") as rest:
            second = self.hold_a_run("--ledger", "x.jsonl", rest=os.fstat(rest.fileno()).st_ino)
        self.finish(second)
        self.assertEqual(self.files(), ["s.yaml", "x.jsonl"])
        self.assertGreater(self.entries(), 0)

    def test_a_journal_follows_no_link_in_the_place_of_its_partial_file(self):
        precious = self.write("precious", "do not touch")
        link = self.folder / "x.jsonl.partial"
        link.symlink_to(precious)
        self.fails(2, "sim", "run", "s.yaml", "--ledger", "x.jsonl", says="is in the way")
        self.assertTrue(link.is_symlink())
        self.assertEqual(precious.read_text(encoding="utf-8"), "do not touch")

    def test_a_journal_needs_a_file(self):
        self.fails(2, "sim", "run", "s.yaml", "--ledger", "/dev/null",
                   says="cannot write a journal to '/dev/null'")
        self.assertFalse(os.path.exists("/dev/null.partial"))


class UnwritableOutputs(CommandTest):
    def refuses(self, *outputs, says, **options):
        before = self.files()
        self.fails(2, "sim", "run", "--workload", KTH, "--platform", "cores:100", *outputs,
                   says=says, **options)
        self.assertEqual(self.files(), before)

    def test_a_place_that_cannot_be_written_to_is_told_before_the_run(self):
        self.write("file", "not a folder")
        for flag, name in [("--report", "file/r.html"), ("--out", "file/r.h5"),
                           ("--event-log", "file/r.jsonl"), ("--csv", "file")]:
            self.refuses(flag, name, says="'file'")
        self.refuses("--report", ".", says="directory")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_without_permission(self):
        (self.folder / "locked").mkdir(mode=0o500)
        self.refuses("--csv", "locked", says="Permission denied")

    def test_a_full_disk_ends_the_run_with_an_error_and_leaves_nothing(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        for outputs in (["--csv", "."], ["--event-log", "r.jsonl"], ["--out", "r.h5"],
                        ["--report", "r.html"]):
            self.refuses(*outputs, says="File too large", preexec_fn=limit)

    def test_a_device_that_is_full(self):
        self.refuses("--event-log", "/dev/full", says="No space left on device")

    def test_an_older_file_survives_a_run_that_fails(self):
        self.write("r.html", "older")
        self.refuses("--report", "r.html", "--event-log", "/dev/full", says="/dev/full")
        self.assertEqual((self.folder / "r.html").read_text(encoding="utf-8"), "older")

    def test_a_summary_that_cannot_be_printed_is_an_error(self):
        for words in (["sim", "run", "--workload", KTH, "--platform", "cores:100"],
                      ["policy", "list"], ["--help"], ["schema", "tiers", "--json"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                process = subprocess.run([common.NEXA, *map(str, words)], stdout=full,
                                         stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual(process.returncode, 2, words)
            self.assertIn("cannot write to standard output", process.stderr)


if __name__ == "__main__":
    common.main()
