"""The tables of docs/validation.md name every key of `validation`, with its default."""

import json
import re

import common
from common import SOURCES, CommandTest

ROW = re.compile(r"\| `(?P<key>[a-z_.]+)` \| (?:`(?P<default>[^`]*)`)? ?\|")
HEAD = re.compile(r"\| key \| default \| ")


def rows_of(text):
    """Key and default of each row of the tables that begin with these two columns."""
    inside = False
    for line in text.splitlines():
        inside = line.startswith("|") and (inside or bool(HEAD.match(line)))
        match = ROW.match(line) if inside else None
        if match:
            yield match["key"], match["default"]


def fields_of(schema, prefix=""):
    """Key and default of each field, with a dot between a section and its fields."""
    for key, field in schema["properties"].items():
        if "properties" in field:
            yield from fields_of(field, f"{prefix}{key}.")
        else:
            default = field.get("default")
            yield prefix + key, default if isinstance(default, (str, type(None))) else \
                json.dumps(default)


class Tables(CommandTest):
    def test_they_are_those_of_the_schema(self):
        text = (SOURCES / "docs/validation.md").read_text(encoding="utf-8")
        written = list(rows_of(text))
        scenario = json.loads(self.succeeds("schema", "scenario"))
        known = dict(fields_of(scenario["properties"]["validation"]))
        self.assertGreater(len(known), 40)
        self.assertEqual(len(written), len(dict(written)), "a key has two rows")
        self.assertEqual(dict(written), known)

    def test_no_name_of_a_member_has_strayed_into_the_text(self):
        text = (SOURCES / "docs/validation.md").read_text(encoding="utf-8")
        self.assertEqual(re.findall(r"`\w+_(?:ppm|permille)`", text), [])

    def test_a_row_is_read(self):
        text = ("| key | default | meaning |\n|---|---|---|\n| `a.b` | `[x, y]` | c |\n"
                "| `c` | | d |\n\n| `no` | `1` | table |\n")
        self.assertEqual(list(rows_of(text)), [("a.b", "[x, y]"), ("c", None)])


if __name__ == "__main__":
    common.main()
