"""`nexa sim run` on good inputs: the figures, the files, the record that they carry."""

import csv
import gzip
import hashlib
import json
import os
import re
import subprocess

import common
from common import KTH, TIERED, CommandTest, swf


class Figures(CommandTest):
    def test_the_bundled_trace_gives_the_published_figures(self):
        run = self.document("sim", "run", "--workload", KTH, "--platform", "cores:100",
                            "--policy", "easy")
        self.assertEqual(run["schema"], "nexa.sim_run/1")
        self.assertEqual((run["jobs"], run["jobs_finished"]), (27992, 27992))
        self.assertEqual(round(run["wait_s"]["mean"], 3), 6351.493)
        self.assertEqual(round(run["bounded_slowdown"]["mean"], 4), 86.3712)
        self.assertEqual(run["makespan_s"], 28763776)
        self.assertEqual(round(run["utilization"], 5), 0.68409)
        self.assertEqual(run["redundancy"], 1)
        self.assertIsNone(run["credits"])
        self.assertIsNone(run["coordinator"])
        self.assertIsNone(run["wrong_accepted"])
        self.assertRegex(run["command_hash"], "^[0-9a-f]{16}$")

    def test_a_hand_made_trace_gives_figures_that_can_be_counted_by_hand(self):
        trace = self.write("two.swf", swf([(0, 100, 2), (10, 50, 2), (10, 20, 9)]))
        run = self.document("sim", "run", "--workload", trace, "--platform", "cores:2")
        self.assertEqual(run["jobs"], 2)
        self.assertEqual(run["wait_s"], {"mean": 45, "p50": 0, "p95": 90, "max": 90})
        self.assertEqual(run["turnaround_s"]["max"], 140)
        self.assertEqual(run["bounded_slowdown"]["max"], 140 / 50)
        self.assertEqual(run["makespan_s"], 150)
        self.assertEqual(run["utilization"], 1)
        self.assertEqual(run["repairs"], [
            {"what": "more processors than the machine has: line dropped", "count": 1,
             "first_line": 3}])

    def test_too_wide_jobs_are_rejected_on_a_described_platform(self):
        trace = self.write("wide.swf", swf([(0, 100, 2), (10, 20, 500)]))
        done = self.nexa("sim", "run", "--workload", trace, "--platform", TIERED, "--json")
        run = json.loads(done.stdout)
        self.assertEqual((run["jobs_finished"], run["jobs_rejected"]), (1, 1))
        self.assertIn("1 job can never run on this platform", done.stderr)
        self.assertIn("job 2 needs 500 slots", done.stderr)

    def test_the_seed_decides_which_jobs_a_share_takes(self):
        scenario = common.SOURCES / "configs/scenarios/demo.yaml"
        hashes = [self.document("sim", "run", scenario, "--first", 2000, "--seed", seed)
                  ["command_hash"] for seed in (1, 2, 1)]
        self.assertEqual(hashes[0], hashes[2])
        self.assertNotEqual(hashes[0], hashes[1])

    def test_the_platform_comes_from_the_header_where_none_is_named(self):
        done = self.nexa("sim", "run", "--workload", KTH, "--first", 100)
        self.assertIn("taking cores:100 from the header", done.stderr)
        self.assertIn("100 cores", done.stdout)

    def test_a_trace_may_come_through_a_pipe(self):
        with gzip.open(KTH) as file:
            text = file.read()
        done = subprocess.run([common.NEXA, "sim", "run", "--workload", "/dev/stdin", "--platform",
                               "cores:100", "--json"], input=text, capture_output=True, check=True)
        run = json.loads(done.stdout)
        self.assertEqual(run["makespan_s"], 28763776)
        self.assertIsNone(run["inputs"][0]["sha256"])


class Files(CommandTest):
    def run_with_all_outputs(self, *more):
        return self.document("sim", "run", "--workload", KTH, "--platform", TIERED, "--first", 500,
                             "--policy", "sjf+easy", "--out", "out/run.h5", "--csv", "out",
                             "--report", "out/run.html", "--event-log", "out/run.jsonl", *more)

    def test_all_files_are_written_and_named(self):
        run = self.run_with_all_outputs()
        wanted = ["out/jobs.csv", "out/meta.json", "out/run.h5", "out/run.html", "out/run.jsonl"]
        self.assertEqual(self.files(), wanted)
        self.assertEqual(sorted(run["files"]), wanted)

    def test_the_csv_agrees_with_the_summary(self):
        run = self.run_with_all_outputs()
        with open(self.folder / "out/jobs.csv", newline="", encoding="utf-8") as file:
            jobs = list(csv.DictReader(file))
        self.assertEqual(len(jobs), 500)
        waits = [float(job["waiting_time"]) for job in jobs]
        self.assertAlmostEqual(sum(waits) / len(waits), run["wait_s"]["mean"])
        self.assertAlmostEqual(max(waits), run["wait_s"]["max"])

    def test_every_file_says_where_it_comes_from(self):
        run = self.run_with_all_outputs("--seed", 7)
        digest = hashlib.sha256(KTH.read_bytes()).hexdigest()
        self.assertEqual(run["inputs"][0]["sha256"], digest)
        self.assertEqual(run["inputs"][0]["bytes"], os.path.getsize(KTH))
        meta = json.loads((self.folder / "out/meta.json").read_text(encoding="utf-8"))
        self.assertEqual(meta["seed"], 7)
        self.assertEqual(meta["inputs"][0]["sha256"], digest)
        self.assertEqual(meta["commit"], run["commit"])
        with open(self.folder / "out/run.jsonl", encoding="utf-8") as file:
            header = json.loads(file.readline())
        self.assertEqual(header["inputs"], meta["inputs"])
        self.assertEqual(header["config_yaml"], meta["config_yaml"])
        page = (self.folder / "out/run.html").read_text(encoding="utf-8")
        hdf5 = (self.folder / "out/run.h5").read_bytes()
        self.assertTrue(digest in page)
        self.assertTrue(b"platform: \"" + str(TIERED).encode() in hdf5)

    def test_the_configuration_in_a_file_repeats_the_run(self):
        scenario = common.SOURCES / "configs/scenarios/demo.yaml"
        first = self.document("sim", "run", scenario, "--first", 1000, "--csv", "a", "--policy",
                              "saf+easy:order=sjf,depth=50")
        meta = json.loads((self.folder / "a/meta.json").read_text(encoding="utf-8"))
        again = self.document("sim", "run", self.write("again.yaml", meta["config_yaml"]))
        self.assertEqual(again["command_hash"], first["command_hash"])
        self.assertEqual(again["wait_s"], first["wait_s"])

    def test_files_do_not_change_the_figures(self):
        plain = self.document("sim", "run", "--workload", KTH, "--platform", TIERED, "--first",
                              500, "--policy", "sjf+easy")
        full = self.run_with_all_outputs()
        for key in ("command_hash", "wait_s", "bounded_slowdown", "utilization", "events"):
            self.assertEqual(plain[key], full[key])

    def test_a_scenario_names_its_own_files(self):
        self.write("t.swf", swf([(0, 10, 1)]))
        scenario = self.write("s.yaml", "name: s\nworkload: {file: t.swf}\nplatform: cores:2\n"
                              "outputs: {json: deep/down/s.json, report: r.html}\n")
        self.succeeds("sim", "run", scenario)
        self.assertEqual(self.files(), ["deep/down/s.json", "r.html", "s.yaml", "t.swf"])
        written = json.loads((self.folder / "deep/down/s.json").read_text(encoding="utf-8"))
        self.assertEqual(written["jobs"], 1)

    def test_check_reads_everything_and_writes_nothing(self):
        scenario = common.SOURCES / "configs/scenarios/demo.yaml"
        self.assertRegex(self.succeeds("sim", "run", scenario, "--check"),
                         r"^ok: KTH-SP2-1996-2.1-cln, 27992 jobs")
        self.assertEqual(self.files(), [])


class Progress(CommandTest):
    def test_json_progress_is_one_document_per_line_on_standard_error(self):
        text = swf([(i, 30, 1 + i % 90) for i in range(60000)])
        trace = self.write("slow.swf", text)
        done = self.nexa("sim", "run", "--workload", trace, "--platform", "cores:100", "--policy",
                         "conservative", "--progress=json", "--json")
        self.assertEqual(done.returncode, 0)
        json.loads(done.stdout)
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertEqual(lines[-1], {"schema": "nexa.progress/1", "phase": "writing results"})

    def test_nothing_is_shown_where_nobody_looks(self):
        done = self.nexa("sim", "run", "--workload", KTH, "--platform", "cores:100")
        self.assertEqual(done.stderr, "")

    def test_a_group_of_requesters_that_drew_nobody_is_named(self):
        self.write("platform.yaml", """name: small
groups:
  - {name: volunteer, tier: cpu, count: 9, cores: 1, memory: 1 GiB, price: 0.02, owners: 9}
""")
        scenario = self.write("scenario.yaml", """name: groups
workload: {synthetic: {jobs: 20, load: 0.2, tier: cpu, users: 1}}
platform: platform.yaml
policy: fcfs+easy
validation: {policy: fixed}
requesters:
  - {name: all, share: 1, cancels: 0.1}
  - {name: nobody, share: 1, cancels: 0.1}
""")
        done = self.nexa("sim", "run", scenario)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "note: group 'nobody' of requesters has no users: none was "
                         "drawn from those of the workload\n")
        self.assertEqual(self.nexa("--quiet", "sim", "run", scenario).stderr, "")

    def test_the_summary_is_aligned_text(self):
        text = self.succeeds("sim", "run", "--workload", KTH, "--platform", "cores:100")
        self.assertTrue(re.search(r"^wait +1h 46m +0s +9h 43m +2d 21h$", text, re.MULTILINE), text)
        self.assertIn("jobs          27992 finished\n", text)

    def test_hdf5_files_do_not_depend_on_how_the_library_locks(self):
        for locking in ("TRUE", "BEST_EFFORT", "FALSE"):
            command = [common.NEXA, "sim", "run", "--workload", KTH, "--platform", "cores:100",
                       "--first", "50", "--out", f"{locking}.h5", "--quiet"]
            environment = {**common.ENVIRONMENT, "HDF5_USE_FILE_LOCKING": locking}
            done = subprocess.run(command, cwd=self.folder, env=environment, check=False,
                                  capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"{locking}.h5", self.files())


if __name__ == "__main__":
    common.main()
