"""`nexa replay`: the same facts give the same commands, and a log that lies is found out."""

import gzip
import json

import common
from common import KTH, TIERED, CommandTest


class Replay(CommandTest):
    def setUp(self):
        super().setUp()
        self.run = self.document("sim", "run", common.SOURCES / "configs/scenarios/demo.yaml",
                                 "--first", 400, "--event-log", "log.jsonl")
        self.lines = (self.folder / "log.jsonl").read_text(encoding="utf-8").splitlines(True)

    def put(self, lines):
        return self.write("changed.jsonl", "".join(lines))

    def line_with(self, text, start=0):
        return next(i for i in range(start, len(self.lines)) if text in self.lines[i])

    def test_a_log_is_replayed_identically(self):
        text = self.succeeds("replay", "log.jsonl")
        self.assertEqual(text, f"identical: {self.run['events']} events, "
                         f"{self.steps()} steps, {self.commands()} commands, "
                         f"command hash {self.run['command_hash']}\n")

    def steps(self):
        return sum('"step":' in line for line in self.lines)

    def commands(self):
        return sum(json.loads(line)["step"]["commands"] for line in self.lines if '"step"' in line)

    def test_the_figures_as_json(self):
        document = self.document("replay", "log.jsonl")
        self.assertEqual(document["schema"], "nexa.replay/1")
        self.assertTrue(document["identical"])
        self.assertEqual(document["command_hash"], self.run["command_hash"])
        self.assertIsNone(document["divergence"])

    def test_other_policies_are_replayed_too(self):
        for policy in ("fcfs", "conservative", "wfp3+easy:order=sjf+fastest_first"):
            self.succeeds("sim", "run", "--workload", KTH, "--platform", TIERED, "--first", 400,
                          "--policy", policy, "--event-log", "p.jsonl")
            self.assertIn("identical", self.succeeds("replay", "p.jsonl"))

    def test_a_log_may_be_packed(self):
        self.write("log.jsonl.gz", gzip.compress("".join(self.lines).encode()))
        self.assertIn("identical", self.succeeds("replay", "log.jsonl.gz"))

    def test_another_policy_diverges_at_a_line_that_is_named(self):
        self.put([self.lines[0].replace("fcfs+easy", "lpf+easy"), *self.lines[1:]])
        done = self.nexa("replay", "changed.jsonl")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"^changed.jsonl:\d+: the engine decides differently at")
        self.assertRegex(done.stdout, r"logged \(\d+ commands?\)")
        self.assertRegex(done.stdout, r"\[0\] start job=\d+")

    def test_a_changed_fact_diverges(self):
        at = self.line_with("job_submitted")
        self.lines[at] = self.lines[at].replace('"slots":', '"slots":1')
        self.put(self.lines)
        done = self.nexa("replay", "changed.jsonl", "--json")
        self.assertEqual(done.returncode, 1)
        divergence = json.loads(done.stdout)["divergence"]
        self.assertGreater(divergence["line"], at)
        self.assertNotEqual(divergence["logged"], divergence["replayed"])

    def test_a_changed_command_is_found_though_its_hash_is_not_changed(self):
        at = self.line_with("start job=")
        self.lines[at] = self.lines[at].replace("start job=", "start job=9")
        self.put(self.lines)
        done = self.nexa("replay", "changed.jsonl")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"changed.jsonl:{at + 1}:", done.stdout)

    def test_a_torn_last_line_is_left_out_and_told(self):
        self.put([*self.lines[:-2], self.lines[-2][:20]])
        done = self.nexa("replay", "changed.jsonl")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("the last line of the log breaks off", done.stderr)
        self.assertIn("its run was killed", done.stderr)

    def test_a_line_that_is_cut_in_the_middle_is_an_error_with_its_place(self):
        at = self.line_with("job_submitted")
        self.lines[at] = self.lines[at][:40] + "\n"
        self.put(self.lines)
        self.fails(2, "replay", "changed.jsonl", says=[f"changed.jsonl:{at + 1}:", "no valid JSON"])

    def test_wrong_values_are_errors_with_their_place(self):
        at = self.line_with("job_submitted")
        changes = [('"slots":', '"slots":-', "'slots' is -"), ('"slots"', '"slotz"', "is missing"),
                   ("shared", "sharred", "did you mean 'shared'?"),
                   ("job_submitted", "job_submited", "did you mean 'job_submitted'?"),
                   ('"cores":1', '"cores":0', "'cores' is 0"),
                   ('"job":', '"job":[', "no valid JSON"),
                   ('"tiers":', '"tiers":9', "expected an integer from 0 to 4294967295")]
        for old, new, says in changes:
            self.assertIn(old, self.lines[at])
            changed = self.lines[at].replace(old, new, 1)
            self.put([*self.lines[:at], changed, *self.lines[at + 1:]])
            self.fails(2, "replay", "changed.jsonl", says=[f"changed.jsonl:{at + 1}:", says])

    def test_facts_that_contradict_each_other_are_an_error_of_the_log(self):
        at = self.line_with("job_submitted")
        self.put([*self.lines[:at + 1], *self.lines[at:]])
        self.fails(2, "replay", "changed.jsonl",
                   says=[f"changed.jsonl:{at + 2}:", "contradicts", "a job id must be new"])

    def test_time_that_goes_back_is_an_error(self):
        at = self.line_with('"t":6')
        self.put([*self.lines[:at + 1], '{"t":0,"tick":{}}\n', *self.lines[at + 1:]])
        self.fails(2, "replay", "changed.jsonl",
                   says=[f"changed.jsonl:{at + 2}:", "time goes back"])

    def test_lines_that_were_taken_out_are_missed(self):
        at = self.line_with('"commands":0')
        self.put([*self.lines[:at], *self.lines[at + 1:]])
        self.assertIn(self.nexa("replay", "changed.jsonl").returncode, (1, 2))

    def test_files_that_are_no_log(self):
        self.write("empty.jsonl", "")
        self.fails(2, "replay", "empty.jsonl", says="empty")
        self.write("deep.jsonl", self.lines[0] + "[" * 1_000_000 + "\n")
        self.fails(2, "replay", "deep.jsonl", says="deep.jsonl:2: error: the line is nested")
        self.write("other.jsonl", "{}\n")
        self.fails(2, "replay", "other.jsonl", says="other.jsonl:1:1: error: the first line is no")
        self.fails(2, "replay", KTH, says="no header of an event log")
        self.fails(2, "replay", "absent.jsonl", says="absent.jsonl")

    def test_an_unknown_policy_is_an_error_of_the_first_line(self):
        self.put([self.lines[0].replace("fcfs+easy", "fcfs+esy", 1), *self.lines[1:]])
        self.fails(2, "replay", "changed.jsonl",
                   says=["changed.jsonl:1:1: error: unknown policy 'esy'", "did you mean 'easy'?"])


if __name__ == "__main__":
    common.main()
