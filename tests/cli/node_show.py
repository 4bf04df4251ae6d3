"""`nexa node show`: a node of a simulated run, and what made its numbers."""

import json

import common
from common import CommandTest

PLATFORM = """\
name: small
groups:
  - name: volunteer
    count: 20
    tier: cpu
    cores: 1
    memory: 4 GiB
    owners: 20
    behaviours:
      - {kind: saboteur, share: 0.2, rate: 0.2, whitewash_after: 1}
  - {name: arbiter, count: 3, tier: hpc, cores: 8, memory: 64 GiB, owner: centre}
"""
SCENARIO = """\
name: watched
workload:
  synthetic: {jobs: 1500, load: 0.3, tier: cpu}
platform: platform.yaml
policy: fcfs+easy
seed: 7
validation: {policy: arbitrated, target_nresults: 1, trusted_tier: hpc}
"""


class NodeShow(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("platform.yaml", PLATFORM)
        self.write("s.yaml", SCENARIO)

    def show(self, node, *more):
        return self.document("node", "show", node, "--scenario", "s.yaml", *more)

    def all_nodes(self):
        return {node: self.show(node) for node in range(20)}

    def struck_node(self):
        for shown in self.all_nodes().values():
            if shown["standing"]["strikes"]["list"]:
                return shown
        self.fail("the seed strikes nobody")

    def test_the_numbers_of_changes_add_up_to_the_standing(self):
        node = self.struck_node()["node"]
        shown = self.show(node, "--last", "1000000")
        self.assertEqual(shown["schema"], "nexa.node_show/1")
        self.assertEqual(shown["changes_left_out"], 0)
        now = {}
        for change in shown["changes"]:
            self.assertTrue(change["events"])
            self.assertTrue(change["numbers"] or change["rewards_void"])
            for number in change["numbers"]:
                self.assertNotEqual(number["before"], number["after"])
                if number["name"] in now:
                    self.assertEqual(number["before"], now[number["name"]])
                now[number["name"]] = number["after"]
        standing = shown["standing"]
        self.assertEqual(now["valid"], standing["results"]["valid"])
        self.assertEqual(now["invalid"], standing["results"]["invalid"])
        self.assertEqual(now["strikes"], standing["strikes"]["count"])
        self.assertEqual(now["reputation_ppm"], standing["reputation"]["ppm"])
        self.assertAlmostEqual(now["good"], standing["reputation"]["good"], delta=0.051)
        self.assertEqual(now["bucket"] if "bucket" in now else "newcomer", standing["bucket"])

    def test_a_node_that_leans_inside_the_tolerance_is_shown_to(self):
        platform = PLATFORM.replace("20", "60")  # so that nodes meet enough others
        self.write("platform.yaml", platform.replace(
            "saboteur, share: 0.2, rate: 0.2, whitewash_after: 1", "biased, count: 1"))
        scenario = SCENARIO.replace("jobs: 1500, load: 0.3", "jobs: 4000, load: 0.4")
        self.write("s.yaml", scenario.replace("arbitrated, target_nresults: 1",
                                              "fixed, comparator: tolerance"))
        leaning = next((node for node in range(60)
                        if self.show(node)["standing"]["lean"]["leans"]), None)
        self.assertIsNotNone(leaning)
        shown = self.show(leaning, "--last", "1000000")
        self.assertEqual(shown["standing"]["lean"]["mean_permille"], 900)
        numbers = [number for change in shown["changes"] for number in change["numbers"]]
        self.assertIn({"name": "leans", "before": False, "after": True}, numbers)
        text = self.succeeds("node", "show", leaning, "--scenario", "s.yaml")
        self.assertIn("900 thousandths of the tolerance", text)
        self.assertIn("more than chance explains", text)

    def test_a_strike_names_its_evidence_and_the_simulation_knows_whether_it_is_true(self):
        shown = self.struck_node()
        strike = shown["standing"]["strikes"]["list"][0]
        self.assertNotEqual(strike["against_node"], shown["node"])
        truth = shown["known_to_the_simulation_only"]
        self.assertEqual(truth["behaviours"], [{"kind": "saboteur", "intent": "hostile"}])
        self.assertGreater(truth["wrong_results"], 0)
        self.assertGreater(len(truth["names"]), 1)

        text = self.succeeds("node", "show", shown["node"], "--scenario", "s.yaml")
        self.assertIn(f"job {strike['job']} replica {strike['replica']}, against replica "
                      f"{strike['against']} on node {strike['against_node']}", text)
        before, after = text.split("known to the simulation only")
        self.assertIn("saboteur (hostile)", after)
        self.assertNotIn("saboteur", before, "what nobody can know stands apart")
        self.assertIn("lower 5 % quantile of Beta(", before)
        self.assertIn("same machine", before)

    def test_the_quantile_is_that_of_the_evidence_that_is_shown(self):
        for shown in self.all_nodes().values():
            reputation = shown["standing"]["reputation"]
            if reputation["bad"] == 0:
                # Beta(n + 1, 1) has the distribution function x^(n + 1).
                expected = 0.05 ** (1 / (reputation["good"] + 1))
                self.assertAlmostEqual(reputation["ppm"] / 1e6, expected, places=5)

    def test_a_name_that_came_later_shows_the_same_machine(self):
        first = self.struck_node()
        later = first["known_to_the_simulation_only"]["names"][-1]["node"]
        self.assertGreaterEqual(later, 23)
        second = self.show(later)
        self.assertEqual(second["node"], later)
        self.assertEqual(second["known_to_the_simulation_only"]["machine"], first["node"])
        self.assertEqual(second["standing"]["strikes"], first["standing"]["strikes"])
        self.assertEqual(second["changes"], first["changes"])

    def test_an_earlier_time_shows_less(self):
        whole = self.show(0, "--last", "1000000")
        half = self.show(0, "--at", f"{whole['at_us'] // 2_000_000}s", "--last", "1000000")
        self.assertLessEqual(half["at_us"], whole["at_us"] // 2)
        self.assertLess(half["standing"]["results"]["valid"],
                        whole["standing"]["results"]["valid"])
        known = [change for change in whole["changes"] if change["time_us"] <= half["at_us"]]
        self.assertEqual(half["changes"][:len(known)], known)

    def test_it_is_the_same_each_time_and_another_seed_is_another_run(self):
        self.assertEqual(self.show(5), self.show(5))
        self.assertNotEqual(self.show(5)["changes"], self.show(5, "--seed", "8")["changes"])
        self.assertEqual(self.show(5, "--last", "2", "--first", "600")["changes_left_out"],
                         len(self.show(5, "--last", "999", "--first", "600")["changes"]) - 2)

    def test_an_arbiter_is_trusted_because_of_its_tier(self):
        shown = self.show(20)
        self.assertEqual(shown["standing"]["bucket"], "trusted")
        self.assertIsNone(shown["standing"]["in_flight"]["cap"])
        self.assertIn("trusted: nodes of its tier arbitrate",
                      self.succeeds("node", "show", "20", "--scenario", "s.yaml"))

    def test_a_suspected_host_class_is_explained(self):
        self.write("platform.yaml", """\
name: two
groups:
  - {name: sound, count: 12, tier: cpu, cores: 1, memory: 4 GiB, owners: 12, owner: a,
     host_class: v3}
  - {name: defective, count: 12, tier: cpu, cores: 1, memory: 4 GiB, owners: 12, owner: b,
     host_class: v4, behaviours: [{kind: class_defect, jobs: 0.2}]}
  - {name: arbiter, count: 3, tier: hpc, cores: 8, memory: 64 GiB, owner: centre}
""")
        self.write("s.yaml", SCENARIO.replace(
            "trusted_tier: hpc", "trusted_tier: hpc, hr: uarch, cross_class: 0.3"))
        classes = [self.show(node)["host_class"] for node in (0, 13)]
        self.assertEqual([one["name"] for one in classes], ["v3", "v4"])
        self.assertEqual(classes[0]["mismatches"], 0)
        self.assertGreater(classes[1]["samples"], 0)
        self.assertTrue(classes[1]["suspected"])
        self.assertGreaterEqual(len(classes[1]["all_mismatches"]), classes[1]["mismatches"])
        self.assertIn("v4: suspected", self.succeeds("node", "show", "13", "--scenario", "s.yaml"))

    def test_tables_for_scripts(self):
        text = self.succeeds("node", "show", "0", "--scenario", "s.yaml", "--parsable",
                             "--no-header", "--last", "3")
        rows = [line for line in text.splitlines() if "|" in line]
        self.assertGreaterEqual(len(rows), 3)
        self.assertTrue(all(len(row.split("|")) == 4 for row in rows), rows)


class BadInput(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("platform.yaml", PLATFORM)
        self.write("s.yaml", SCENARIO)

    def refuses(self, *words, says=()):
        return self.fails(2, "node", "show", *words, says=says)

    def test_a_node_that_does_not_exist(self):
        self.refuses("900", "--scenario", "s.yaml",
                     says=["s.yaml: error: there is no node 900", "0 to 22 are the platform's"])

    def test_a_later_name_that_does_not_exist_yet(self):
        shown = json.loads(self.nexa("node", "show", "23", "--scenario", "s.yaml",
                                     "--json").stdout)
        since = max(name["since_us"] for name in shown["known_to_the_simulation_only"]["names"]
                    if name["node"] == 23)
        self.assertGreater(since, 0)
        self.refuses("23", "--scenario", "s.yaml", "--at", f"{since // 1_000_000}s",
                     says="there is no node 23")

    def test_a_node_that_is_no_number(self):
        for word in ("-1", "seven", "1.5", "4294967296"):
            self.assertIn("error: ", self.refuses(word, "--scenario", "s.yaml"))

    def test_a_scenario_that_does_not_validate(self):
        self.write("s.yaml", SCENARIO[:SCENARIO.index("validation:")])
        self.write("platform.yaml", PLATFORM[:PLATFORM.index("    behaviours")])
        self.refuses("0", "--scenario", "s.yaml",
                     says=["s.yaml: error: the scenario has no 'validation'", "= help: add"])

    def test_a_time_behind_the_end(self):
        said = self.refuses("0", "--scenario", "s.yaml", "--at", "400d",
                            says=["--at: error: the run is over at ", ", before 400d"])
        self.assertIn("name an earlier time", said)

    def test_a_time_without_a_unit(self):
        self.refuses("0", "--scenario", "s.yaml", "--at", "12", says="--at: error: ")

    def test_no_scenario(self):
        self.refuses("0", says="--scenario")

    def test_errors_of_the_scenario_are_located(self):
        self.write("s.yaml", SCENARIO.replace("policy: arbitrated", "policy: arbitrary"))
        self.refuses("0", "--scenario", "s.yaml", says="s.yaml:7:22: error:")

    def test_an_error_as_a_document(self):
        done = self.nexa("node", "show", "900", "--scenario", "s.yaml", "--json")
        self.assertEqual(done.returncode, 2)
        error = json.loads(done.stdout)["error"]
        self.assertEqual(error["code"], "not_found")
        self.assertEqual(error["where"]["file"], "s.yaml")


if __name__ == "__main__":
    common.main()
