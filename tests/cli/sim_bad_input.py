"""Bad input to `nexa sim run`: a located error, the right exit code, and nothing written."""

import gzip
import json

import common
from common import KTH, CommandTest, swf

SCENARIO = """\
name: test
workload:
  file: jobs.swf
platform: platform.yaml
policy: easy
outputs:
  report: out/r.html
  csv: out
"""
PLATFORM = """\
name: small
groups:
  - {name: a, count: 4, tier: cpu, cores: 4, memory: 16 GiB}
  - {name: b, count: 2, tier: consumer_gpu, cores: 4, memory: 16 GiB, gpus: {type: t4, count: 1}}
"""


class BadInput(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("jobs.swf", swf([(0, 100, 2), (5, 100, 4)]))
        self.write("platform.yaml", PLATFORM)

    def refuses(self, code, *says, scenario=SCENARIO, more=()):
        self.write("s.yaml", scenario)
        before = self.files()
        for check in ([], ["--check"]):
            self.fails(code, "sim", "run", "s.yaml", *more, *check, says=says)
        self.assertEqual(self.files(), before, "nothing may be written")

    def test_the_unbroken_scenario_runs(self):
        self.write("s.yaml", SCENARIO)
        self.succeeds("sim", "run", "s.yaml")

    def test_unknown_key(self):
        self.refuses(2, "s.yaml:4:1: error: unknown key 'platfrom'", "did you mean 'platform'?",
                     scenario=SCENARIO.replace("platform:", "platfrom:"))

    def test_duplicate_key(self):
        self.refuses(2, "s.yaml:10:1: error:", "seed", scenario=SCENARIO + "seed: 1\nseed: 2\n")

    def test_wrong_unit(self):
        self.write("platform.yaml", PLATFORM.replace("16 GiB}", "16 GB}"))
        self.refuses(2, "platform.yaml:3:", "16 GB")

    def test_unknown_policy(self):
        self.refuses(2, "s.yaml:5:9: error: unknown policy 'eesy'", "did you mean 'easy'?",
                     scenario=SCENARIO.replace("easy", "eesy"))

    def test_unknown_parameter_of_a_policy(self):
        self.refuses(2, "s.yaml:5:", "no parameter 'dept'", "did you mean 'depth'?",
                     scenario=SCENARIO.replace("easy", "easy:dept=5"))

    def test_parameter_out_of_range(self):
        self.refuses(2, "s.yaml:5:", "parameter 'depth' has the value '-1'", "expected an integer",
                     scenario=SCENARIO.replace("easy", "easy:depth=-1"))

    def test_policy_at_the_wrong_extension_point(self):
        self.refuses(2, "s.yaml:5:", "'easy' is no order policy",
                     scenario=SCENARIO.replace("easy", "{order: easy}"))

    def test_errors_of_several_files_are_told_in_one_go(self):
        self.write("platform.yaml", PLATFORM.replace("count: 4", "cuont: 4"))
        self.refuses(2, "unknown policy 'eesy'", "unknown key", "'count'?",
                     scenario=SCENARIO.replace("easy", "eesy"))

    def test_policy_on_the_command_line(self):
        self.refuses(2, "--policy:1:5: error: unknown policy 'eesy'", "did you mean 'easy'?",
                     more=["--policy", "sjf+eesy"])

    def test_platform_on_the_command_line(self):
        self.refuses(2, "--platform:1:1: error:", "cores:0", more=["--platform", "cores:0"])

    def test_tier_that_does_not_exist(self):
        self.refuses(2, "s.yaml:4:18: error: unknown tier 'cpuu'", "did you mean 'cpu'?",
                     scenario=SCENARIO.replace("jobs.swf\n",
                                               "jobs.swf\n  tiers: [{tier: cpuu}]\n"))

    def test_tier_that_no_node_has_is_impossible(self):
        self.refuses(3, "s.yaml:4:18: error: no node of platform 'small' has tier 'hpc'",
                     "its tiers: cpu, consumer_gpu",
                     scenario=SCENARIO.replace("jobs.swf\n",
                                               "jobs.swf\n  tiers: [{tier: hpc}]\n"))

    def test_parameters_of_validation_are_named_as_in_the_file(self):
        for rules, place, says in [
                ("{p_min: 0}", "9:21", "'validation.p_min' must be a number from 0.000001 to 1"),
                ("{policy: fixed, min_quorum: 1}", "9:41", "min_quorum 1 accepts results"),
                ("{min_quorum: 7}", "9:26", "min_quorum 7 is more than max_success_results 6"),
                ("{max_total_results: 49}", "9:33", "a whole number from 1 to 48"),
                ("{policy: arbitrated}", "9:22", "policy arbitrated needs a trusted tier")]:
            scenario = SCENARIO + f"validation: {rules}\n"
            self.refuses(2, f"s.yaml:{place}: error: ", says, f"9 | validation: {rules}\n", "^",
                         scenario=scenario)

    def test_sections_that_would_do_nothing_are_pointed_to(self):
        self.refuses(2, "s.yaml:9:1: error: 'credits' needs 'validation'",
                     "s.yaml:11:1: error: 'defences' needs 'validation'",
                     scenario=SCENARIO + "credits: {}\n\ndefences: {vesting: false}\n")
        self.refuses(2, "s.yaml:10:1: error: 'economy' needs 'credits'",
                     "s.yaml:11:1: error: a budget, bounty, dispute or rating of 'requesters' ",
                     scenario=SCENARIO + "validation: {}\neconomy: {}\n"
                     "requesters: [{name: a, budget: 1}]\n")
        self.refuses(2, "error: --ledger needs 'credits'", more=["--ledger", "x.jsonl"])

    def test_a_platform_with_too_few_sites_for_a_quorum_is_impossible(self):
        self.refuses(3, "s.yaml:9:24: error: the replicas of a job need 2 distinct sites, and on "
                     "platform 'small' there is 1 for them", "take 'site' out of 'distinct'",
                     scenario=SCENARIO + "validation: {distinct: [machine, site]}\n")

    def test_job_larger_than_the_machine_in_strict_mode(self):
        self.write("jobs.swf", "; Version: 2.2\n" + swf([(0, 100, 2), (5, 100, 25)]))
        self.refuses(3, "jobs.swf:3:21: error: job 2 needs 25 slots at once", "room for 24",
                     more=["--strict"])

    def test_no_job_that_fits_the_machine(self):
        self.write("jobs.swf", swf([(0, 100, 25)]))
        self.refuses(3, "jobs.swf:1:", "none of the jobs can ever run there")

    def test_negative_time_in_strict_mode(self):
        self.write("jobs.swf", swf([(0, 100, 2), (5, -7, 4)]))
        self.refuses(2, "jobs.swf:2:8: error:", "-7", more=["--strict"])

    def test_negative_time_is_mended_and_counted_otherwise(self):
        self.write("jobs.swf", swf([(0, 100, 2), (5, -7, 4)]))
        run = self.document("sim", "run", "--workload", "jobs.swf", "--platform", "cores:4")
        self.assertEqual(run["jobs"], 1)
        self.assertGreater(sum(repair["count"] for repair in run["repairs"]), 0)

    def test_line_of_forty_megabytes_in_a_trace(self):
        self.write("jobs.swf", swf([(0, 100, 2)]) + "1 " * 20_000_000 + "\n")
        self.refuses(2, "jobs.swf:2:", "longer than", more=["--strict"])

    def test_line_of_forty_megabytes_in_a_scenario(self):
        self.refuses(2, "s.yaml", scenario=SCENARIO + "# " + "x" * 40_000_000 + "\n")

    def test_alias_bomb(self):
        bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for previous, name in zip("abcdefgh", "bcdefghi"):
            bomb += f"{name}: &{name} [" + ", ".join([f"*{previous}"] * 10) + "]\n"
        self.refuses(2, "s.yaml:", scenario=SCENARIO + bomb)

    def test_missing_files(self):
        self.refuses(2, "s.yaml:4:11: error:", "nowhere.yaml",
                     scenario=SCENARIO.replace("platform.yaml", "nowhere.yaml"))
        self.fails(2, "sim", "run", "absent.yaml", says="no such file: 'absent.yaml'")
        self.fails(2, "sim", "run", "--workload", "absent.swf", "--platform", "cores:1",
                   says="absent.swf")

    def test_truncated_and_damaged_gzip(self):
        packed = KTH.read_bytes()
        for name, data in [("cut.swf.gz", packed[:100_000]),
                           ("bad.swf.gz", packed[:50_000] + b"\0" * 64 + packed[50_064:])]:
            self.write(name, data)
            before = self.files()
            self.fails(2, "sim", "run", "--workload", name, "--platform", "cores:100", "--csv",
                       "out", says=name)
            self.assertEqual(self.files(), before)

    def test_a_file_that_is_no_trace(self):
        self.write("noise.swf", bytes(range(256)) * 1000)
        self.fails(2, "sim", "run", "--workload", "noise.swf", "--platform", "cores:100",
                   says="noise.swf")
        self.write("empty.swf", "")
        self.fails(2, "sim", "run", "--workload", "empty.swf", "--platform", "cores:100",
                   says="empty.swf")
        self.write("empty.swf.gz", gzip.compress(b""))
        self.fails(2, "sim", "run", "--workload", "empty.swf.gz", "--platform", "cores:100")

    def test_errors_as_json_name_the_place(self):
        self.write("s.yaml", SCENARIO.replace("easy", "eesy"))
        done = self.nexa("sim", "run", "s.yaml", "--json")
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        error = json.loads(done.stdout)["error"]
        self.assertEqual(error["code"], "invalid_argument")
        self.assertEqual(error["where"], {"file": "s.yaml", "line": 5, "column": 9})


if __name__ == "__main__":
    common.main()
