"""`nexa replay`: the same facts give the same commands, and a log that lies is found out."""

import gzip
import json
import random

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


class Explain(CommandTest):
    """Four processors: job 0 holds three of them for 100 s, job 1 needs four, jobs 2 and 3 need
    one, for 50 s and for 200 s."""

    JOBS = [(0, 100, 3), (10, 60, 4), (20, 50, 1), (20, 200, 1)]

    def record(self, policy, name="log.jsonl", jobs=None):
        self.write("w.swf", common.swf(jobs or self.JOBS))
        self.succeeds("sim", "run", "--workload", "w.swf", "--platform", "cores:4", "--policy",
                      policy, "--event-log", name)

    def explain(self, job, *words):
        return self.document("replay", "log.jsonl", "--explain", job, *words)

    def test_the_life_of_a_job_that_is_kept_behind_the_head(self):
        self.record("easy")
        document = self.explain(3)
        self.assertEqual(document["schema"], "nexa.job_history/1")
        self.assertEqual((document["job"], document["slots"], document["submit_us"]), (3, 1, 20e6))
        moments = document["moments"]
        self.assertEqual([m["what"] for m in moments],
                         ["submitted", "waits", "waits", "waits", "started", "ended"])
        late, full = moments[1]["explanation"], moments[2]["explanation"]
        self.assertEqual((late["reason"], late["never"]), ("cores_busy", False))
        self.assertEqual(late["wakes"], ["replica_end", "node_change"])
        self.assertEqual((late["position"], late["queue_length"]), (2, 2))
        self.assertEqual((late["blocked_by"], late["blocked_until_us"]), (1, 100e6))
        self.assertEqual(full["reason"], "would_delay_head")
        self.assertEqual(moments[2]["time_us"], 70e6)
        self.assertEqual(moments[3]["explanation"]["start_estimate_us"], 160e6)
        self.assertEqual(moments[4]["time_us"], 160e6)
        self.assertEqual((moments[4]["nodes"], moments[4]["selected_by"]), ("0x1", "order"))
        self.assertEqual((moments[5]["time_us"], moments[5]["how"]), (360e6, "completed"))
        self.assertIsNone(document["now"])

    def test_the_life_as_text(self):
        self.record("easy")
        self.assertEqual(self.succeeds("replay", "log.jsonl", "--explain", 3), """\
job 3: 1 slot of 1 core, time limit 3m 20s
  20s  submitted
  20s  waits: too few cores are free (cores_busy, not now)
      position 2 of 2
      needs 1 slot; 0 would find room now on 4 suitable nodes
      first in the queue is job 1, which starts at 1m 40s at the latest
      may change when a running job ends, or nodes come or change
  1m 10s  waits: starting it now would delay the first job in the queue (would_delay_head, not now)
      position 2 of 2
      needs 1 slot; 1 would find room now on 4 suitable nodes
      first in the queue is job 1, which starts at 1m 40s at the latest
      may change when a running job ends, or nodes come or change, or the queue changes, \
or time passes
  1m 40s  waits: too few cores are free (cores_busy, not now)
      position 1 of 1
      needs 1 slot; 0 would find room now on 4 suitable nodes
      starts at 2m 40s at the latest
      may change when a running job ends, or nodes come or change
  2m 40s  starts on nodes 0x1 by order, replica 1, until 6m at the latest
  6m  ends: completed
""")

    def test_a_plan_says_when_a_job_will_start(self):
        self.record("conservative")
        wait = self.explain(3)["moments"][1]["explanation"]
        self.assertEqual(wait["start_estimate_us"], 160e6)
        self.assertIsNone(wait["blocked_by"])

    def test_a_job_at_a_time(self):
        self.record("easy")
        for at, reason in (("20s", "cores_busy"), ("69.9s", "cores_busy"),
                           ("1m 10s", "would_delay_head"), ("99s", "would_delay_head"),
                           ("100s", "cores_busy")):
            document = self.explain(3, "--at", at)
            self.assertEqual(document["now"]["reason"], reason, at)
        self.assertEqual(self.explain(3, "--at", "160s")["now"], {"state": "running"})
        self.assertIsNone(self.explain(3, "--at", "360s")["now"])
        text = self.succeeds("replay", "log.jsonl", "--explain", 3, "--at", "75s")
        self.assertIn("at 1m 15s:\n  waits: starting it now would delay the first job", text)
        for at, says in (("170s", "starts on nodes 0x1 by order"), ("99h", "ends: completed")):
            text = self.succeeds("replay", "log.jsonl", "--explain", 3, "--at", at)
            self.assertIn(says, text)

    def test_a_job_that_can_never_run(self):
        platform = "name: p\ngroups:\n  - {name: a, count: 1, tier: cpu, cores: 2, memory: 1G}\n"
        self.write("p.yaml", platform)
        self.write("w.swf", common.swf([(0, 10, 1), (5, 10, 3)]))
        self.succeeds("sim", "run", "--workload", "w.swf", "--platform", "p.yaml", "--event-log",
                      "log.jsonl")
        moments = self.explain(1)["moments"]
        self.assertEqual([m["what"] for m in moments], ["submitted", "rejected"])
        self.assertEqual(moments[1]["reason"], "cluster_too_small")

    def starts_if_changed(self, job, now, change):
        """Appends the change to the facts up to a time, and looks at what the engine does."""
        lines = (self.folder / "log.jsonl").read_text(encoding="utf-8").splitlines(True)
        kept = [line for line in lines[:-1] if json.loads(line).get("t", 0) <= now]
        submitted = next(json.loads(line)["job_submitted"] for line in kept
                         if f'"job_submitted":{{"job":{job},' in line)
        fact = {"t": now, "job_changed": {**submitted, "slots": change["slots"],
                                          "time_limit": change["time_limit_us"]}}
        step = {"t": now, "step": {"commands": 99, "hash": ""}}
        self.write("tried.jsonl", "".join(kept) + f"{json.dumps(fact)}\n{json.dumps(step)}\n")
        divergence = json.loads(self.nexa("replay", "tried.jsonl", "--json").stdout)["divergence"]
        return any(f"start job={job} " in command for command in divergence["replayed"])

    def test_what_would_have_helped_does_help(self):
        helped = {"slots": 0, "time_limit_us": 0}
        draw = random.Random(2)
        jobs = [(60 * i, draw.randint(10, 900), min(16, draw.randint(1, 20)), 1000)
                for i in range(40)]
        self.write("w.swf", common.swf(jobs))
        for policy in ("easy", "wfp3+easy:order=saf", "conservative"):
            self.succeeds("sim", "run", "--workload", "w.swf", "--platform", "cores:16", "--policy",
                          policy, "--event-log", "log.jsonl")
            for job in range(40):
                life = self.explain(job)
                waits = [m for m in life["moments"] if m["what"] == "waits"]
                for wait in waits[:2]:
                    now = wait["last_time_us"]
                    for change in self.explain(job, "--at", f"{now / 1e6}s")["would_start_with"]:
                        for key in helped:
                            helped[key] += change[key] != life[key]
                        self.assertTrue(self.starts_if_changed(job, now, change), (job, change))
        self.assertGreater(min(helped.values()), 3, helped)

    def test_what_cannot_be_explained(self):
        self.record("easy")
        self.fails(2, "replay", "log.jsonl", "--explain", 9,
                   says=["log.jsonl: error: job 9 is not in the log"])
        self.fails(2, "replay", "log.jsonl", "--explain", 3, "--at", "5s",
                   says=["log.jsonl:11:1: error: job 3 is submitted at 20s, which is after 5s"])
        self.fails(2, "replay", "log.jsonl", "--explain", 9, "--at", "5s", says="not in the log")
        self.fails(2, "replay", "log.jsonl", "--explain", 3, "--at", "5", says="--at: ")
        self.fails(2, "replay", "log.jsonl", "--explain", "x", says="--explain")
        self.fails(2, "replay", "log.jsonl", "--at", "5s", says="--explain")
        lines = (self.folder / "log.jsonl").read_text(encoding="utf-8").splitlines(True)
        cut = next(i for i, line in enumerate(lines) if line.startswith('{"t":70000000'))
        self.write("cut.jsonl", "".join(lines[:cut]))
        self.fails(2, "replay", "cut.jsonl", "--explain", 3, "--at", "70s",
                   says="the log ends at 20s, before 1m 10s, and job 3 has not ended")

    def test_a_log_that_is_not_repeated_explains_nothing(self):
        self.record("easy")
        text = (self.folder / "log.jsonl").read_text(encoding="utf-8")
        self.write("changed.jsonl", text.replace('"fcfs+easy', '"lpf+easy', 1).replace(
            '"easy+fcfs', '"easy+lpf', 1))
        done = self.nexa("replay", "changed.jsonl", "--explain", 3)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("the engine decides differently", done.stdout)


if __name__ == "__main__":
    common.main()
