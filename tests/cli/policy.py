"""`nexa policy list|doc|check|new`."""

import os
import re
import shutil
import subprocess
import unittest

import common
from common import CommandTest

KINDS = ("order", "filter", "score", "backfill")


class List(CommandTest):
    def test_every_file_of_the_folder_is_listed(self):
        files = {path.stem for module in ("scheduler", "ledger")
                 for path in (common.SOURCES / module / "policies").glob("*.cpp")}
        listed = {policy["name"] for policy in self.document("policy", "list")["policies"]}
        self.assertEqual(listed, files)

    def test_the_table_has_a_header_unless_it_is_not_wanted(self):
        table = self.succeeds("policy", "list")
        self.assertRegex(table, r"^NAME +KIND +WHAT IT DOES\n")
        self.assertRegex(table, r"(?m)^easy +backfill +EASY backfill")
        bare = self.succeeds("policy", "list", "--no-header", "--parsable")
        self.assertIn("easy|backfill|EASY backfill", bare)
        self.assertNotIn("NAME", bare)


class Doc(CommandTest):
    def test_parameters_come_with_type_range_unit_default_and_meaning(self):
        policy = self.document("policy", "doc", "easy")
        self.assertEqual(policy["kinds"], ["backfill"])
        depth = next(p for p in policy["parameters"] if p["name"] == "depth")
        self.assertEqual((depth["type"], depth["minimum"], depth["unit"], depth["default"]),
                         ("integer", 0, "jobs", "0"))
        text = self.succeeds("policy", "doc", "easy")
        self.assertRegex(text, r"(?m)^depth +integer +0 to 1000000000 jobs +0 +jobs behind")

    def test_every_policy_can_be_described_and_used_as_described(self):
        for policy in self.document("policy", "list")["policies"]:
            text = self.succeeds("policy", "doc", policy["name"])
            use = re.search(r"(?m)^Use: (?:--policy|price:|reward:) (\S+)$", text)[1]
            self.assertRegex(self.succeeds("policy", "check", use), "^ok: ")

    def test_a_mistyped_name_is_answered_with_a_suggestion(self):
        self.fails(2, "policy", "doc", "eazy", says="did you mean 'easy'?")


class Check(CommandTest):
    def test_the_canonical_text_is_printed(self):
        self.assertEqual(self.succeeds("policy", "check", "sjf+easy:order=saf"),
                         "ok: sjf+easy:order=saf+lowest_tier\n")

    def test_a_file_is_checked(self):
        self.write("p.yaml", "order: sjf\nbackfill: {name: easy, order: saf}\n")
        self.assertEqual(self.succeeds("policy", "check", "p.yaml"),
                         "ok: sjf+easy:order=saf+lowest_tier\n")

    def test_a_price_policy_is_checked_like_the_others(self):
        self.assertEqual(self.succeeds("policy", "check", "linear:fixed=5"), "ok: linear:fixed=5\n")
        self.fails(2, "policy", "check", "linear:fixed=-5", says="expected an integer from 0")
        self.fails(2, "policy", "check", "credit_new:cobblestone=1", says="has no parameter")

    def test_errors_are_located(self):
        self.fails(2, "policy", "check", "sjf+eesy", says="policy:1:5: error: unknown policy")
        self.fails(2, "policy", "check", "sjf+fcfs", says="second order policy")
        self.write("p.yaml", "order: sjf\nbackfill: {name: easy, ordr: saf}\n")
        self.fails(2, "policy", "check", "p.yaml",
                   says=["p.yaml:2:", "no parameter 'ordr'", "did you mean 'order'?"])


class New(CommandTest):
    def create(self, name, kind):
        (self.folder / "policies").mkdir(exist_ok=True)
        return self.succeeds("policy", "new", name, "--kind", kind, "--dir", "policies")

    def test_it_says_what_comes_next(self):
        self.assertEqual(self.create("my_own", "order"),
                         "wrote policies/my_own.cpp\n"
                         "next: edit it, run 'make build', try --policy my_own\n")

    @unittest.skipUnless(shutil.which("c++"), "no C++ compiler")
    def test_each_kind_compiles_without_a_warning(self):
        for kind in KINDS:
            self.create(f"my_{kind}", kind)
            path = self.folder / f"policies/my_{kind}.cpp"
            done = subprocess.run(
                ["c++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic",
                 "-Wconversion", "-Wshadow", "-Werror", "-I", common.SOURCES, path],
                capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_lines_keep_to_the_width_of_the_sources(self):
        for kind in KINDS:
            self.create(f"own_{kind}", kind)
            text = (self.folder / f"policies/own_{kind}.cpp").read_text(encoding="utf-8")
            self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_a_file_is_never_replaced(self):
        self.create("mine", "order")
        (self.folder / "policies/mine.cpp").write_text("precious", encoding="utf-8")
        self.fails(2, "policy", "new", "mine", "--dir", "policies", says="is not replaced")
        self.assertEqual((self.folder / "policies/mine.cpp").read_text(encoding="utf-8"),
                         "precious")

    def test_names_that_cannot_be(self):
        (self.folder / "policies").mkdir()
        for name in ("My", "my-own", "9lives", "a__b", "tail_", "x" * 41, "../up", "a b", ""):
            self.fails(2, "policy", "new", name, "--dir", "policies",
                       says="cannot be the name of a policy")
        self.fails(2, "policy", "new", "easy", "--dir", "policies", says="a policy 'easy' exists")
        self.assertEqual(self.files(), [])

    def test_the_folder_must_be_there(self):
        self.fails(2, "policy", "new", "mine",
                   says=["there is no folder 'scheduler/policies'", "--dir"])


if __name__ == "__main__":
    common.main()
