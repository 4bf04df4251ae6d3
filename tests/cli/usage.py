"""How the command is called: help, version, mistyped words, exit codes, streams."""

import json

import common
from common import CommandTest

COMMANDS = ["", "sim", "sim run", "replay", "policy", "policy list", "policy doc", "policy check",
            "policy new", "result", "result compare", "result comparators",
            "result ensemble", "node", "node profile", "node show", "attest", "attest verify",
            "attest sign", "attest archive", "key", "key new", "key show", "key add",
            "key revoke", "schema"]


class Help(CommandTest):
    def test_without_arguments_the_help_is_printed(self):
        text = self.succeeds()
        self.assertEqual(text, self.succeeds("--help"))
        for command in ("sim", "replay", "policy", "result", "node", "schema"):
            self.assertRegex(text, rf"(?m)^  {command} ")

    def test_each_help_fits_a_screen_and_ends_with_two_examples(self):
        for command in COMMANDS:
            text = self.succeeds(*command.split(), "--help").rstrip()
            self.assertLessEqual(len(text.splitlines()), 40, command)
            self.assertLessEqual(max(map(len, text.splitlines())), 100, text)
            if command != "node":
                last = text.splitlines()[-3:]
                self.assertEqual(last[0], "Examples:", text)
                for example in last[1:]:
                    self.assertTrue(example.startswith("  nexa " + command), example)

    def test_the_version_names_commit_and_compiler(self):
        self.assertRegex(self.succeeds("--version"),
                         r"^nexa \d+\.\d+\.\d+ \(commit [0-9a-f]{12}(-dirty)?|unknown, .+\)\n$")


class Mistakes(CommandTest):
    def test_mistyped_words_are_answered_with_a_suggestion(self):
        for words, message, hint in [
                (["sm", "run"], "unknown command 'nexa sm'", "'sim'"),
                (["sim", "rnu"], "unknown command 'nexa sim rnu'", "'run'"),
                (["sim", "run", "--workloda", "x"],
                 "unknown option '--workloda' for 'nexa sim run'", "'--workload'"),
                (["sim", "run", "--sed=1"], "unknown option '--sed'", "'--seed'"),
                (["policy", "list", "--jsn"], "unknown option '--jsn'", "'--json'"),
                (["schema", "scenaro"], "no schema of 'scenaro'", "'scenario'")]:
            self.fails(2, *words, says=[f"nexa: error: {message}", f"did you mean {hint}?"])

    def test_wrong_values_of_options(self):
        for words, message in [
                (["--seed", "abc"], "'abc' is no whole number from 0"),
                (["--seed", "-1"], "'-1' is no whole number from 0"),
                (["--first", "0"], "'0' is no whole number from 1"),
                (["--first"], "--first"),
                (["--progress", "loud"], "loud"),
                (["--color", "red"], "red"),
                ([], "nothing to simulate")]:
            text = self.fails(2, "sim", "run", *words, says=message)
            self.assertRegex(text, r"^nexa: error: [^A-Z]")

    def test_a_group_of_commands_alone_is_not_enough(self):
        self.fails(2, "sim", says="'nexa sim' needs a command behind it")
        self.fails(2, "policy", says="one of: list, doc, check, new")

    def test_with_json_even_wrong_usage_is_one_document_on_standard_output(self):
        for words in (["sm", "--json"], ["sim", "run", "--json"], ["--json", "policy", "doc", "x"],
                      ["sim", "run", "--json", "--seed", "x"]):
            done = self.nexa(*words)
            self.assertEqual((done.returncode, done.stderr), (2, ""), words)
            self.assertEqual(set(json.loads(done.stdout)["error"]) - {"count", "all"},
                             {"code", "message", "where", "hint"})


class Schema(CommandTest):
    def test_each_schema_is_json_of_draft_7(self):
        for kind in ("scenario", "platform", "policy", "tiers"):
            schema = json.loads(self.succeeds("schema", kind))
            self.assertIn("draft-07", schema["$schema"])
            self.assertTrue(schema["title"])


if __name__ == "__main__":
    common.main()
