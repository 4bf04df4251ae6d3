"""`nexa sim run` with several scenarios."""

import unittest

from common import CommandTest


class SeveralScenarios(CommandTest):
    def scenario(self, name, lines=""):
        path = self.folder / name
        path.write_text(f"name: {path.stem}\nworkload: {{synthetic: {{jobs: 50}}}}\n"
                        f"platform: cores:4\n{lines}", encoding="utf-8")
        return path

    def test_figures_are_those_of_single_runs(self):
        one = self.scenario("one.yaml", "seed: 1\n")
        two = self.scenario("two.yaml", "seed: 2\n")
        runs = self.document("sim", "run", one, two)["runs"]
        self.assertEqual([run["scenario"] for run in runs], [str(one), str(two)])
        for run in runs:
            alone = self.document("sim", "run", run["scenario"])
            self.assertEqual(run["run"]["command_hash"], alone["command_hash"])
        self.assertNotEqual(runs[0]["run"]["command_hash"], runs[1]["run"]["command_hash"])

    def test_a_row_each(self):
        self.scenario("one.yaml")
        self.scenario("two.yaml")
        lines = self.succeeds("sim", "run", "one.yaml", "two.yaml").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["scenario", "one", "two"])

    def test_nothing_runs_if_one_is_wrong(self):
        self.scenario("one.yaml", "outputs: {json: one.json}\n")
        self.scenario("two.yaml", "sede: 2\n")
        self.fails(2, "sim", "run", "one.yaml", "two.yaml", says=["two.yaml:4", "seed"])
        self.assertFalse((self.folder / "one.json").exists())

    def test_each_writes_its_own_files(self):
        self.scenario("one.yaml", "outputs: {json: one.json}\n")
        self.scenario("two.yaml", "outputs: {json: two.json}\n")
        self.succeeds("sim", "run", "one.yaml", "two.yaml")
        self.assertTrue((self.folder / "one.json").exists())
        self.assertTrue((self.folder / "two.json").exists())

    def test_two_under_one_name_are_refused(self):
        self.scenario("one.yaml", "outputs: {json: same.json}\n")
        self.scenario("two.yaml", "outputs: {json: ./same.json}\n")
        self.fails(2, "sim", "run", "one.yaml", "two.yaml", says="both write './same.json'")
        self.assertFalse((self.folder / "same.json").exists())

    def test_an_option_for_one_file_is_refused(self):
        self.scenario("one.yaml")
        for option in ("--out", "--csv", "--report", "--ledger", "--event-log"):
            self.fails(2, "sim", "run", "one.yaml", "one.yaml", option, "x",
                       says=f"{option} cannot be given with several scenarios")

    def test_check_looks_at_all(self):
        self.scenario("one.yaml")
        self.scenario("two.yaml")
        text = self.succeeds("sim", "run", "--check", "one.yaml", "two.yaml")
        self.assertEqual(text.count("ok: "), 2)
        document = self.document("sim", "run", "--check", "one.yaml", "two.yaml")
        self.assertEqual([one["check"]["ok"] for one in document["checks"]], [True, True])


if __name__ == "__main__":
    unittest.main()
