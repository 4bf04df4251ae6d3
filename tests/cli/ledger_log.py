"""`nexa ledger`: the journal as a log that shows what was done to it."""

import base64
import hashlib
import os
import random
import shutil
import time

import common
import docs_commands
from common import SOURCES, CommandTest

VECTORS = SOURCES / "tests/data/vectors"
LOG = "nexapod.example/ledger/test"
WITNESS = "witness.nexapod.example/w1"
LOG_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
WITNESS_SEED = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
LOG_ID = "875443ae"
WITNESS_ID = "395a5dc3"
THEN = 1700000000

# Commands that hold keys do not let other processes into their memory. The leak checker of a
# sanitized build is such a process, and ends the command where it may not look.
common.ENVIRONMENT["ASAN_OPTIONS"] = "detect_leaks=0"


def leaf(line):
    return hashlib.sha256(b"\0" + line.encode()).hexdigest()


def root(lines):
    """The root of RFC 6962, as hexadecimal digits."""
    def tree(leaves):
        if len(leaves) == 1:
            return leaves[0]
        left = 1
        while 2 * left < len(leaves):
            left *= 2
        return hashlib.sha256(b"\1" + tree(leaves[:left]) + tree(leaves[left:])).digest()
    return tree([bytes.fromhex(leaf(line)) for line in lines]).hex()


class LedgerTest(CommandTest):
    def setUp(self):
        super().setUp()
        for path in VECTORS.iterdir():
            if path.is_file():
                shutil.copy(path, self.folder / path.name)
        self.lines = (self.folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        self.key("log.key", LOG, LOG_ID, b"\1" + LOG_SEED)
        self.key("witness.key", WITNESS, WITNESS_ID, b"\4" + WITNESS_SEED)

    def key(self, name, owner, key_id, material):
        text = f"PRIVATE+KEY+{owner}+{key_id}+{base64.b64encode(material).decode()}\n"
        self.write(name, text).chmod(0o600)

    def put(self, lines, name="ledger.jsonl"):
        self.write(name, "".join(line + "\n" for line in lines))

    def longer(self, count):
        """The journal of the vectors with more entries."""
        lines = list(self.lines)
        for _ in range(count):
            lines.append(f'{{"v":1,"seq":{len(lines)},"prev":"{leaf(lines[-1])}",'
                         f'"t_us":9500000,"type":"verdict","job":"{len(lines)}"}}')
        return lines

    def tampered(self, *words):
        """What verify finds to be the first problem."""
        done = self.nexa("ledger", "verify", "ledger.jsonl", *words, "--json")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        document = common.json.loads(done.stdout)
        self.assertFalse(document["holds"])
        return document["problems"][0]

    def sign(self, *words):
        return self.document("ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key",
                             "--state", "log-state", *words)


class Verify(LedgerTest):
    EVIDENCE = ("--checkpoint", "checkpoint.cosigned", "--key", "vkey", "--witness", "wvkey")

    def test_the_vectors(self):
        text = self.succeeds("ledger", "verify", "ledger.jsonl", *self.EVIDENCE, "--receipt",
                             "entry3.tlog-proof", "--consistent-with", "checkpoint")
        self.assertEqual(text, f"""\
ledger.jsonl: 7 entries of {LOG}
  checkpoint checkpoint.cosigned: the first 7 entries, signed by {LOG}, cosigned by {WITNESS} \
at 2023-11-14T22:13:20Z
  older checkpoint: the first 7 entries, signed by {LOG}
  receipt entry3.tlog-proof: entry 3 of the first 7 entries, signed by {LOG}, cosigned by \
{WITNESS} at 2023-11-14T22:13:20Z
  books: 5 accounts, credits minted 1.000000, burned 0.000000, held 1.000000, reserved 0.000000
verified: the root is nenamLGxGgIVfv2ZfQ3rxjthD9Tmyr9l0VZ/yNgn7vU=
""")

    def test_the_vectors_as_json(self):
        document = self.document("ledger", "verify", "ledger.jsonl", *self.EVIDENCE)
        self.assertEqual(document["schema"], "nexa.ledger_verify/1")
        self.assertTrue(document["holds"])
        self.assertEqual((document["entries"], document["origin"]), (7, LOG))
        self.assertEqual(document["root"], root(self.lines))
        self.assertEqual(document["books"]["held"], "1.000000")
        self.assertEqual(document["checkpoints"][0]["signed_by"], [LOG])
        self.assertEqual(document["checkpoints"][0]["cosigned_by"],
                         [{"name": WITNESS, "time": "2023-11-14T22:13:20Z"}])

    def test_without_a_key_it_says_so(self):
        text = self.succeeds("ledger", "verify", "ledger.jsonl", "--checkpoint", "checkpoint")
        self.assertIn("note: no signature was checked", text)
        self.assertNotIn("signed by", text)

    def test_keys_as_texts(self):
        self.succeeds("ledger", "verify", "ledger.jsonl", "--checkpoint", "checkpoint.cosigned",
                      "--key", (VECTORS / "vkey").read_text(encoding="utf-8"),
                      "--witness", (VECTORS / "wvkey").read_text(encoding="utf-8"))

    def test_without_a_replay(self):
        document = self.document("ledger", "verify", "ledger.jsonl", "--no-replay")
        self.assertIsNone(document["books"])

    def test_every_changed_byte_is_found_in_its_line(self):
        data = (self.folder / "ledger.jsonl").read_bytes()
        draw = random.Random(5)
        for _ in range(60):
            at, bit = draw.randrange(len(data)), draw.randrange(8)
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            self.write("ledger.jsonl", bytes(changed))
            problem = self.tampered(*self.EVIDENCE)
            self.assertEqual(problem["entry"], data[:at].count(b"\n"), (at, bit, problem))
            self.assertEqual(problem["where"]["line"], problem["entry"] + 1)
            self.assertEqual(problem["where"]["file"], "ledger.jsonl")

    def test_a_changed_amount_as_text(self):
        self.put([*self.lines[:4], self.lines[4].replace('"3900"', '"4000"'), *self.lines[5:]])
        done = self.nexa("ledger", "verify", "ledger.jsonl", *self.EVIDENCE)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        changed = leaf(self.lines[4].replace('"3900"', '"4000"'))
        self.assertIn(f"""\
ledger.jsonl:5: changed: the entry was changed: the one behind it names another hash
     = expected {leaf(self.lines[4])}
     = found    {changed}
""", done.stdout)
        self.assertTrue(done.stdout.endswith("NOT VERIFIED: 1 thing does not hold\n"))

    def test_what_was_done_is_named(self):
        lines = self.lines
        cases = [("missing", 3, [*lines[:3], *lines[4:]]),
                 ("moved", 2, [*lines[:2], lines[3], lines[2], *lines[4:]]),
                 ("inserted", 4, [*lines[:4], lines[2], *lines[4:]]),
                 ("truncated", 6, lines[:6]),
                 ("malformed", 1, [lines[0], lines[1] + " ", *lines[2:]]),
                 ("changed", 6, [*lines[:6], lines[6].replace("aa", "ab")])]
        for kind, entry, changed in cases:
            self.put(changed)
            problem = self.tampered(*self.EVIDENCE)
            self.assertEqual((problem["kind"], problem["entry"]), (kind, entry), problem)

    def test_entries_that_the_books_forbid(self):
        forbidden = self.lines[3].replace('"4000"', '"6001"')
        self.put([*self.lines[:3], forbidden])
        problem = self.tampered()
        self.assertEqual((problem["kind"], problem["entry"]), ("forbidden", 3))
        self.assertIn("transfer '03' cannot have been booked", problem["message"])
        self.succeeds("ledger", "verify", "ledger.jsonl", "--no-replay")

    def test_a_torn_last_line_is_a_note(self):
        self.write("ledger.jsonl", "".join(line + "\n" for line in self.lines) + '{"v":')
        text = self.succeeds("ledger", "verify", "ledger.jsonl", *self.EVIDENCE)
        self.assertIn("note: the last line breaks off after 5 bytes", text)

    def test_evidence_of_another_log_or_time(self):
        self.put(self.longer(2))
        self.sign("-o", "newer", "--quiet")
        self.put(self.lines)
        problem = self.tampered("--checkpoint", "newer", "--key", "vkey")
        self.assertEqual((problem["kind"], problem["entry"]), ("truncated", 7))
        self.put(self.longer(2))
        self.succeeds("ledger", "verify", "ledger.jsonl", "--checkpoint", "newer", "--key", "vkey",
                      "--consistent-with", "checkpoint")
        other = self.lines[0].replace("/test", "/other")
        self.put([other])
        problem = self.tampered("--checkpoint", "checkpoint", "--key", "vkey")
        self.assertEqual(problem["kind"], "truncated")
        kinds = {p["kind"] for p in common.json.loads(self.nexa(
            "ledger", "verify", "ledger.jsonl", "--checkpoint", "checkpoint", "--json")
            .stdout)["problems"]}
        self.assertIn("origin", kinds)

    def test_signatures_that_do_not_hold(self):
        text = (self.folder / "checkpoint").read_text(encoding="utf-8")
        bad = text.replace("h1RDrpvMt31", "h1RDrpvMt32")
        self.write("bad", bad)
        problem = self.tampered("--checkpoint", "bad", "--key", "vkey")
        self.assertEqual(problem["kind"], "signature")
        self.assertIn("does not hold", problem["message"])
        self.write("bad", text.replace("h1RDrpvMt31", "g1RDrpvMt31"))
        problem = self.tampered("--checkpoint", "bad", "--key", "vkey")
        self.assertIn("no signature by a known key", problem["message"])
        problem = self.tampered("--checkpoint", "checkpoint", "--key", "vkey", "--witness", "wvkey")
        self.assertEqual(problem["kind"], "cosignature")
        self.assertIn(f"witness '{WITNESS}'", problem["message"])

    def test_a_cosignature_from_the_future(self):
        self.succeeds("ledger", "witness", "checkpoint", "--key-file", "witness.key", "--key",
                      "vkey", "--state", "w", "--time", int(time.time()) + 5000, "-o", "future")
        problem = self.tampered("--checkpoint", "future", "--key", "vkey", "--witness", "wvkey")
        self.assertEqual(problem["kind"], "cosignature")
        self.assertIn("from the future", problem["message"])

    def test_a_receipt_for_another_entry(self):
        text = (self.folder / "entry3.tlog-proof").read_text(encoding="utf-8")
        self.write("bad.tlog-proof", text.replace("index 3", "index 2"))
        problem = self.tampered("--receipt", "bad.tlog-proof", "--key", "vkey")
        self.assertEqual((problem["kind"], problem["entry"]), ("unproven", 2))

    def test_what_cannot_be_read(self):
        self.fails(2, "ledger", "verify", "absent.jsonl", says="absent.jsonl")
        self.fails(2, "ledger", "verify", "ledger.jsonl", "--checkpoint", "absent", says="absent")
        self.fails(2, "ledger", "verify", "ledger.jsonl", "--checkpoint", "ledger.jsonl",
                   says="ledger.jsonl:1: error: not a signed note")
        self.fails(2, "ledger", "verify", "ledger.jsonl", "--receipt", "checkpoint",
                   says="checkpoint:1: error: not a receipt")
        self.fails(2, "ledger", "verify", "ledger.jsonl", "--key", "a+b+c", says="the key's last")
        self.fails(2, "ledger", "verify", "ledger.jsonl", "--key", "wvkey", says="wvkey:1: error")
        self.fails(2, "ledger", "verify", "ledger.jsonl", "--witness", "vkey",
                   says="is not one of a witness")
        self.fails(2, "ledger", "verify", says="journal")


class Prove(LedgerTest):
    def test_the_receipt_of_the_vectors_byte_for_byte(self):
        text = self.succeeds("ledger", "prove", "ledger.jsonl", "--index", 3, "--checkpoint",
                             "checkpoint.cosigned")
        self.assertEqual(text, (VECTORS / "entry3.tlog-proof").read_text(encoding="utf-8"))

    def test_every_entry_has_a_receipt_that_holds(self):
        for index in range(7):
            self.succeeds("ledger", "prove", "ledger.jsonl", "--index", index, "--checkpoint",
                          "checkpoint", "-o", f"{index}.tlog-proof")
        receipts = [word for i in range(7) for word in ("--receipt", f"{i}.tlog-proof")]
        self.succeeds("ledger", "verify", "ledger.jsonl", "--key", "vkey", *receipts)

    def test_the_receipt_as_json(self):
        document = self.document("ledger", "prove", "ledger.jsonl", "--index", 6, "--checkpoint",
                                 "checkpoint")
        self.assertEqual(document["entry"], self.lines[6])
        self.assertTrue(document["proof"].startswith("c2sp.org/tlog-proof@v1\nindex 6\n"))

    def test_what_cannot_be_proven(self):
        self.fails(2, "ledger", "prove", "ledger.jsonl", "--index", 7, "--checkpoint", "checkpoint",
                   says=["entry 7 is not under the checkpoint", "7 entries"])
        self.fails(2, "ledger", "prove", "ledger.jsonl", "--checkpoint", "checkpoint",
                   says="one of --index and --old-size")
        self.fails(2, "ledger", "prove", "ledger.jsonl", "--old-size", 8, "--checkpoint",
                   "checkpoint", says="old size 8")
        self.put(self.lines[:6])
        self.fails(1, "ledger", "prove", "ledger.jsonl", "--index", 3, "--checkpoint", "checkpoint",
                   says="ends after 6 entries")
        self.put([*self.lines[:6], self.lines[6] + " "])
        self.fails(1, "ledger", "prove", "ledger.jsonl", "--index", 3, "--checkpoint", "checkpoint",
                   says="are not those of the checkpoint")


class Checkpoint(LedgerTest):
    def test_that_of_the_vectors_byte_for_byte(self):
        (self.folder / "checkpoint").unlink()
        document = self.sign("--origin", LOG)
        self.assertEqual(document["file"], "checkpoint")
        self.assertEqual((self.folder / "checkpoint").read_bytes(),
                         (VECTORS / "checkpoint").read_bytes())

    def test_the_log_goes_on(self):
        for count in range(4):
            self.put(self.longer(count))
            self.assertEqual(self.sign()["root"], root(self.longer(count)))
            self.succeeds("ledger", "verify", "ledger.jsonl", "--checkpoint", "checkpoint", "--key",
                          "vkey")

    def test_a_restored_backup_is_not_signed(self):
        self.put(self.longer(3))
        self.sign()
        self.put(self.longer(2))
        (self.folder / "checkpoint").unlink()
        self.fails(4, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--state",
                   "log-state", says=["would contradict this checkpoint of 10 entries", "old copy"])
        self.assertFalse((self.folder / "checkpoint").exists())

    def test_a_fork_is_not_signed(self):
        self.put(self.longer(3))
        self.sign()
        other = self.longer(2)
        other[-1] = other[-1].replace('"job":"8"', '"job":"9"')
        other.append(f'{{"v":1,"seq":9,"prev":"{leaf(other[-1])}","t_us":9500000,"type":"x"}}')
        self.put([*other, *self.longer(0)[:0]])
        self.fails(4, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--state",
                   "log-state", says="would contradict")
        # Where nothing is remembered, the published checkpoint still speaks.
        self.fails(4, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--state",
                   "new-state", says="would contradict")

    def test_a_damaged_journal_is_not_signed(self):
        (self.folder / "checkpoint").unlink()
        self.put([*self.lines[:3], *self.lines[4:]])
        self.fails(1, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--state",
                   "s", says=["ledger.jsonl:4", "entry 3 is missing", "is not signed"])
        self.write("ledger.jsonl", "".join(line + "\n" for line in self.lines) + "{")
        self.fails(1, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--state",
                   "s", says="in the middle of a write")
        linked = self.lines[1][:-1] + ',"linked":true}'
        self.put([self.lines[0], linked])
        self.fails(1, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--state",
                   "s", says="in the middle of a write")
        self.assertFalse((self.folder / "checkpoint").exists())

    def test_wrong_inputs(self):
        self.fails(2, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--origin",
                   "example.org/other", "--state", "s", "-o", "c", says="but the journal is of")
        self.fails(4, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--origin",
                   "example.org/other", "--state", "s", says="the file has a checkpoint of")
        self.fails(2, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "witness.key",
                   "--state", "s", says="is one of a witness")
        self.fails(2, "ledger", "checkpoint", "absent", "--key-file", "log.key", "--state", "s",
                   says="absent")
        os.chmod(self.folder / "log.key", 0o644)
        self.fails(4, "ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key", "--state",
                   "s", says="log.key")


class Witness(LedgerTest):
    def cosign(self, name, *words, state="w"):
        return self.nexa("ledger", "witness", name, "--key-file", "witness.key", "--key", "vkey",
                         "--state", state, *words)

    def accepts(self, name, *words):
        done = self.cosign(name, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refuses(self, code, name, says):
        done = self.cosign(name)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        self.assertIn(says, done.stderr)

    def test_the_cosignature_of_the_vectors_byte_for_byte(self):
        expected = (VECTORS / "checkpoint.cosigned").read_text(encoding="utf-8")
        for _ in range(2):
            self.assertEqual(self.accepts("checkpoint", "--time", THEN), expected)
        self.assertEqual(self.accepts("checkpoint.cosigned", "--time", THEN), expected)

    def test_a_log_that_goes_on_is_followed(self):
        for count in range(5):
            self.put(self.longer(3 * count))
            self.sign()
            name = "checkpoint"
            if count > 0:
                self.succeeds("ledger", "prove", "ledger.jsonl", "--old-size", 4 + 3 * count,
                              "--checkpoint", "checkpoint", "-o", "request")
                name = "request"
            self.write("cosigned", self.accepts(name))
            self.succeeds("ledger", "verify", "ledger.jsonl", "--checkpoint", "cosigned", "--key",
                          "vkey", "--witness", "wvkey")

    def test_forks_are_refused(self):
        self.put(self.longer(3))
        self.sign("-o", "ten", "--quiet")
        self.accepts("ten")
        self.refuses(1, "checkpoint", "it may be a repeat")
        other = self.longer(2)
        other.append(f'{{"v":1,"seq":9,"prev":"{leaf(other[-1])}","t_us":9500000,"type":"x"}}')
        other.append(f'{{"v":1,"seq":10,"prev":"{leaf(other[-1])}","t_us":9500000,"type":"x"}}')
        for size, says in ((10, "another root than the last one of 10"), (11, "does not show")):
            self.put(other[:size])
            self.sign("--state", f"forger{size}", "-o", "fork")
            self.succeeds("ledger", "prove", "ledger.jsonl", "--old-size", 10, "--checkpoint",
                          "fork", "-o", "request")
            self.refuses(4, "request", says)
        self.accepts("ten")

    def sign(self, *words):
        state = () if "--state" in words else ("--state", "log-state")
        return self.document("ledger", "checkpoint", "ledger.jsonl", "--key-file", "log.key",
                             *state, *words)

    def test_a_missing_or_wrong_proof(self):
        self.accepts("checkpoint")
        self.put(self.longer(3))
        self.sign()
        self.refuses(1, "checkpoint", "covers 10 entries, the last one that was cosigned 7")
        self.succeeds("ledger", "prove", "ledger.jsonl", "--old-size", 6, "--checkpoint",
                      "checkpoint", "-o", "request")
        self.refuses(1, "request", "--old-size 7")
        self.succeeds("ledger", "prove", "ledger.jsonl", "--old-size", 7, "--checkpoint",
                      "checkpoint", "-o", "request")
        text = (self.folder / "request").read_text(encoding="utf-8").splitlines(True)
        self.write("request", "".join(text[:1] + text[2:]))
        self.refuses(4, "request", "does not show")
        done = self.cosign("request", state="other")
        self.assertEqual(done.returncode, 1)
        self.assertIn("has cosigned no checkpoint of the log before", done.stderr)

    def test_checkpoints_that_the_log_has_not_signed(self):
        text = (self.folder / "checkpoint").read_text(encoding="utf-8")
        self.write("bad", text.replace("\n7\n", "\n8\n"))
        self.refuses(4, "bad", "does not hold")
        done = self.nexa("ledger", "witness", "checkpoint", "--key-file", "log.key", "--key",
                         "vkey", "--state", "w")
        self.assertEqual(done.returncode, 2)
        self.assertIn("is not one of a witness", done.stderr)
        self.fails(2, "ledger", "witness", "checkpoint", "--key-file", "witness.key", says="--key")

    def test_a_new_witness(self):
        key = self.succeeds("key", "new", "example.org/w2", "--witness", "--out", "w2.key", "-q")
        self.write("w2.vkey", key)
        self.write("cosigned", self.succeeds("ledger", "witness", "checkpoint.cosigned",
                                             "--key-file", "w2.key", "--key", "vkey", "--state",
                                             "w2", "-q"))
        document = self.document("ledger", "verify", "ledger.jsonl", "--checkpoint", "cosigned",
                                 "--key", "vkey", "--witness", "wvkey", "--witness", "w2.vkey")
        self.assertEqual([one["name"] for one in document["checkpoints"][0]["cosigned_by"]],
                         [WITNESS, "example.org/w2"])


class Export(LedgerTest):
    def test_the_vectors(self):
        document = self.document("ledger", "export", "ledger.jsonl", "--checkpoint", "checkpoint",
                                 "--out", "public")
        self.assertEqual((document["entries"], document["files"]), (7, 3))
        public = self.folder / "public"
        self.assertEqual((public / "checkpoint").read_bytes(),
                         (VECTORS / "checkpoint").read_bytes())
        self.assertEqual((public / "tile/0/000.p/7").read_bytes().hex(),
                         "".join(leaf(line) for line in self.lines))
        bundle = b"".join(len(line).to_bytes(2, "big") + line.encode() for line in self.lines)
        self.assertEqual((public / "tile/entries/000.p/7").read_bytes(), bundle)

    def test_another_journal(self):
        self.put(self.lines[:6])
        self.fails(1, "ledger", "export", "ledger.jsonl", "--checkpoint", "checkpoint",
                   "--out", "p", says="ends after 6 entries")


class Balance(LedgerTest):
    def test_the_vectors(self):
        text = self.succeeds("ledger", "balance", "ledger.jsonl", "--parsable", "--no-header")
        self.assertEqual(text.splitlines(), [
            "op:mint|-1.000000|-1.000000|0.000000", "user:alice|0.996000|0.996000|0.000000",
            "escrow:42|0.000000|0.000000|0.000000", "node:a|0.003900|0.003900|0.000000",
            "fee:platform|0.000100|0.000100|0.000000"])

    def test_one_account_as_json(self):
        document = self.document("ledger", "balance", "ledger.jsonl", "node:a")
        self.assertEqual(document["accounts"], [{"account": "node:a", "balance": "0.003900",
                                                 "available": "0.003900", "incoming": "0.000000",
                                                 "closed": False}])

    def test_what_is_not_there(self):
        self.fails(2, "ledger", "balance", "ledger.jsonl", "node:b",
                   says=["no account 'node:b'", "did you mean 'node:a'?"])
        self.put([*self.lines[:3], *self.lines[4:]])
        self.fails(2, "ledger", "balance", "ledger.jsonl", says="ledger.jsonl:4")


class Documents(LedgerTest):
    PAGE = "docs/ledger-log.md"

    def test_the_commands_of_the_page_work(self):
        shown = docs_commands.commands(self.PAGE)
        self.assertGreater(len(shown), 8)
        environment = {**common.ENVIRONMENT, "HOME": str(self.folder), "XDG_STATE_HOME": ""}
        (self.folder / "log.key").unlink()
        for line in shown:
            command = docs_commands.Documents.with_path(line)
            done = common.subprocess.run(["sh", "-c", command], cwd=self.folder, env=environment,
                                         capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, line + done.stderr)
        self.assertTrue((self.folder / ".local/state/nexapod/log").is_dir())

    def test_the_output_of_the_page_is_what_is_printed(self):
        command = docs_commands.commands(self.PAGE)[0].split()[1:]
        whole, changed = docs_commands.Documents.blocks(self.PAGE, "text")[:2]
        self.assertEqual(self.succeeds(*command), whole)
        self.put([*self.lines[:4], self.lines[4].replace('"3900"', '"4000"'), *self.lines[5:]])
        done = self.nexa("ledger", "verify", "ledger.jsonl")
        self.assertTrue(done.stdout.endswith(changed), done.stdout)


if __name__ == "__main__":
    common.main()
