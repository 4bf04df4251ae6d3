"""Every `nexa` command that the documents show in a fenced `sh` block works."""

import os
import re
import shlex
import shutil
import subprocess

import common
from common import NEXA, SOURCES, CommandTest

FENCE = re.compile(r"^```(\w*)\s*$")


def commands(document):
    """The `nexa` and `sed` lines of the fenced `sh` blocks, in order."""
    language = None
    found = []
    for line in (SOURCES / document).read_text(encoding="utf-8").splitlines():
        fence = FENCE.match(line)
        if fence:
            language = fence[1] if language is None else None
        elif language == "sh" and line.startswith(("nexa ", "sed ")):
            found.append(line)
    return found


class Documents(CommandTest):
    def setUp(self):
        super().setUp()
        # What a clone has where the documents expect it; the sources themselves stay untouched.
        shutil.copytree(SOURCES / "configs", self.folder / "configs")
        shutil.copytree(SOURCES / "tests/data/hwloc", self.folder / "tests/data/hwloc")
        (self.folder / "scheduler/policies").mkdir(parents=True)

    def check(self, document, at_least, files=()):
        shown = commands(document)
        self.assertGreaterEqual(len(shown), at_least, f"{document} lost some commands")
        for name, text in files:
            self.write(name, text)
        for line in shown:
            with self.subTest(document=document, command=line):
                done = subprocess.run(["sh", "-c", self.with_path(line)], cwd=self.folder,
                                      env=common.ENVIRONMENT, capture_output=True, text=True,
                                      timeout=300, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)

    @staticmethod
    def with_path(line):
        return f"PATH={shlex.quote(os.path.dirname(NEXA))}:$PATH; {line}"

    @staticmethod
    def blocks(document, language):
        """The fenced blocks of a language, as text."""
        text = (SOURCES / document).read_text(encoding="utf-8")
        return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)

    def test_readme(self):
        self.check("README.md", 10)
        self.assertIn("scheduler/policies/my_order.cpp", self.files())

    def test_first_simulation(self):
        document = "docs/tuning/first-simulation.md"
        platform, scenario = self.blocks(document, "yaml")
        self.check(document, 8, [("lab.yaml", platform), ("lab-scenario.yaml", scenario)])

    def test_compare_policies(self):
        self.check("docs/research/compare-policies.md", 4)

    def test_comparators(self):
        self.check("docs/comparators.md", 2)


if __name__ == "__main__":
    common.main()
