"""What the programs that try the command `nexa` share.

They find the command in $NEXA and the sources in $SOURCE_DIR, and work in a folder of their own.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

NEXA = os.environ["NEXA"]
SOURCES = Path(os.environ["SOURCE_DIR"])
KTH = SOURCES / "configs/traces/KTH-SP2-1996-2.1-cln.swf.gz"
TIERED = SOURCES / "configs/platforms/tiered.yaml"

# Progress is left out where CI is set.
ENVIRONMENT = {**os.environ, "CI": "", "NO_COLOR": "1"}


class CommandTest(unittest.TestCase):
    """A test with an empty folder, in which the command runs."""

    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="nexa-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def nexa(self, *words, **options):
        """Runs `nexa WORD...` and returns what it said."""
        command = [NEXA, *map(str, words)]
        return subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, capture_output=True,
                              text=True, timeout=300, check=False, **options)

    def start(self, *words, **options):
        """Starts `nexa WORD...` and returns the process."""
        command = [NEXA, *map(str, words)]
        return subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def succeeds(self, *words, **options):
        done = self.nexa(*words, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def document(self, *words, **options):
        return json.loads(self.succeeds(*words, "--json", **options))

    def fails(self, code, *words, says=(), **options):
        """Runs a command that must fail so, and say so on standard error."""
        done = self.nexa(*words, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def files(self):
        """Every file below the folder, by its path from there."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*")
                      if path.is_file())


def swf_line(number, submit, run, processors, limit=None, user=1):
    """A job line of the Standard Workload Format."""
    wanted = run if limit is None else limit
    return (f"{number} {submit} -1 {run} {processors} -1 -1 {processors} {wanted} -1 1 {user} "
            "-1 -1 -1 -1 -1 -1\n")


def swf(jobs):
    return "".join(swf_line(number + 1, *job) for number, job in enumerate(jobs))


main = unittest.main
