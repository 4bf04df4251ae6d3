"""The experiments of configs/attacks: each attack works with the defence off and fails with it on,
and the mixes keep the targets that docs/validation.md names."""

import unittest

from common import KTH, SOURCES, CommandTest

ATTACKS = SOURCES / "configs" / "attacks"


class Experiment:
    """The figures of one run."""

    def __init__(self, run):
        self.run = run
        self.validation = run["validation"]
        for figure in ("jobs_accepted", "wrong_accepted", "wrong_at_first", "undetected",
                       "honest_convicted", "honest_identities", "copies_per_job_steady"):
            setattr(self, figure, self.validation[figure])

    def behaviour(self, name):
        return next(one for one in self.validation["behaviours"] if one["name"] == name)

    def profit_per_node(self, name):
        """In credits."""
        one = next(one for one in self.run["credits"]["behaviours"] if one["name"] == name)
        return one["profit"] / 1e6 / one["nodes"]


class Attacks(CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.runs = None

    def experiments(self):
        """All of them by one command; the tests share it."""
        if Attacks.runs is None:
            document = self.document("sim", "run", *sorted(ATTACKS.glob("*.yaml")))
            self.assertEqual(document["schema"], "nexa.sim_runs/1")
            Attacks.runs = {one["scenario"].rsplit("/", 1)[1].removesuffix(".yaml"):
                            Experiment(one["run"]) for one in document["runs"]}
        return Attacks.runs

    def pair(self, name):
        runs = self.experiments()
        return runs[name + "-off"], runs[name + "-on"]

    def test_every_mix_keeps_the_targets(self):
        mixes = {name: one for name, one in self.experiments().items() if name.startswith("mix-")}
        self.assertEqual(len(mixes), 6)
        for name, mix in mixes.items():
            with self.subTest(name):
                self.assertEqual(mix.run["jobs"], 200_000)
                self.assertLessEqual(mix.wrong_accepted, 1e-4 * mix.jobs_accepted)
                self.assertLessEqual(mix.copies_per_job_steady, 1.20)
                self.assertLessEqual(mix.honest_convicted, 0.004 * mix.honest_identities)

    def test_a4_copiers_live_on_results_that_they_can_read(self):
        off, on = self.pair("a04-commit-reveal")
        self.assertGreater(off.wrong_accepted, 0)
        self.assertEqual(off.behaviour("copier")["convicted"], 0)
        self.assertGreater(off.behaviour("copier")["replicas"]["valid"], 1000)
        self.assertEqual(on.wrong_accepted, 0)
        self.assertEqual(on.behaviour("copier")["replicas"]["valid"], 0)
        self.assertEqual(on.undetected, 0)

    def test_a8_a_farm_outvotes_others_where_an_owner_has_many_votes(self):
        off, on = self.pair("a08-domain-placement")
        self.assertGreater(off.wrong_accepted, 0)
        self.assertGreater(off.honest_convicted, 0)
        self.assertEqual((on.wrong_accepted, on.honest_convicted), (0, 0))

    def test_a10_new_names_pay_where_they_cost_nothing(self):
        off, on = self.pair("a10-identity-cost")
        self.assertGreater(off.profit_per_node("saboteur"), 0)
        self.assertLess(on.profit_per_node("saboteur"), 0)
        self.assertGreater(off.behaviour("saboteur")["identities"],
                           2 * on.behaviour("saboteur")["identities"])

    def test_a11_audits_without_a_floor_find_sleepers_later(self):
        off, on = self.pair("a11-audit-floor")
        self.assertGreater(off.wrong_at_first, 2 * on.wrong_at_first)
        self.assertEqual(on.wrong_accepted, 0)

    def test_a11_sleepers_keep_pay_that_is_not_withheld(self):
        off, on = self.pair("a11-vesting")
        self.assertGreater(off.profit_per_node("sleeper"), 2 * on.profit_per_node("sleeper"))
        self.assertLess(on.profit_per_node("sleeper"), on.profit_per_node("honest"))

    def test_a11_wrong_results_stay_where_nobody_looks_back(self):
        off, on = self.pair("a11-backtracking")
        self.assertGreater(off.wrong_accepted, 10)
        self.assertEqual(on.wrong_accepted, 0)

    def test_a13_a_class_agrees_on_its_defect_unless_others_are_asked(self):
        off, on = self.pair("a13-cross-class")
        self.assertGreater(off.wrong_accepted, 5 * on.wrong_accepted)
        self.assertEqual(on.honest_convicted, 0)

    def test_a25_an_insider_is_noticed_by_a_witness_only(self):
        off, on = self.pair("a25-witness")
        self.assertGreater(off.wrong_accepted, 100)
        self.assertEqual(on.wrong_accepted, 0)

    def wide_jobs(self, *more):
        """Saboteurs among the machines of parallel jobs."""
        document = self.document("sim", "run", *more, "--workload", KTH)
        return Experiment(document)

    def test_of_several_machines_the_culprits_are_found(self):
        whole = self.wide_jobs(ATTACKS / "mix-saboteurs.yaml")
        self.assertLessEqual(whole.wrong_accepted, 1e-4 * whole.jobs_accepted)
        self.assertLessEqual(whole.honest_convicted, 0.004 * whole.honest_identities)
        self.assertLess(whole.copies_per_job_steady, 1.25)

    def test_of_several_machines_all_suffer_where_nobody_asks_who_it_was(self):
        text = (ATTACKS / "mix-saboteurs.yaml").read_text(encoding="utf-8")
        text = text.replace("platforms/", f"{ATTACKS}/platforms/")
        text = text.replace("validation: {", "validation: {crowd_blame: 0, ")
        self.assertIn("crowd_blame: 0", text)
        self.write("blind.yaml", text)
        blind = self.wide_jobs("blind.yaml", "--first", "3000")
        told = self.wide_jobs(ATTACKS / "mix-saboteurs.yaml", "--first", "3000")
        self.assertGreater(blind.honest_convicted, 200)
        self.assertLessEqual(told.honest_convicted, 1)
        self.assertEqual(told.wrong_accepted, 0)


if __name__ == "__main__":
    unittest.main()
