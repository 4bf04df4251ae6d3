"""`nexa attest` and `nexa key`: a third party checks a result, offline and with other tools too."""

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import tarfile
import unittest

import common
from common import SOURCES, CommandTest

COORDINATOR = "nexapod.example/coordinator"
VECTORS = SOURCES / "tests/data/vectors"
FILES = {"out/result.bin": b"the result\n", "out/summary.txt": b"a summary\n"}
# The key of the vectors: the public half of test 1 of RFC 8032.
VECTOR_NODE = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")

# Commands that hold keys do not let other processes into their memory. The leak checker of a
# sanitized build is such a process, and ends the command where it may not look.
common.ENVIRONMENT["ASAN_OPTIONS"] = "detect_leaks=0"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def vkey(name, key):
    """The text of a public key, made as its specification says."""
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + key).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(bytes([1]) + key).decode()}"


def subjects(files):
    return [{"name": name, "digest": {"sha256": sha256(data)}} for name, data in files.items()]


def attestation(replica, node=None, files=None, job="42", comparator="exact"):
    node = node or replica
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects(files or FILES),
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://nexapod.example/job/v1",
                "externalParameters": {
                    "job": job, "replica": str(replica), "attempt": "0",
                    "contract": {"sha256": sha256(b"job 42 spec")}, "nonce": f"5f0c{replica}",
                    "comparator": comparator},
                "resolvedDependencies": []},
            "runDetails": {
                "builder": {"id": f"https://nexapod.example/node/{node}"},
                "metadata": {"invocationId": f"{job}.{replica}.0",
                             "startedOn": "2023-11-14T22:13:20Z",
                             "finishedOn": "2023-11-14T22:14:20Z"}}}}


def verdict(valid=(1, 2), invalid=(3,), files=None, quorum="2OF3"):
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects(files or FILES),
        "predicateType": "https://in-toto.io/attestation/svr/v0.2",
        "predicate": {
            "verifier": {"id": f"https://{COORDINATOR}",
                         "policies": [{"name": "validator-config",
                                       "digest": {"sha256": sha256(b"configuration")}}]},
            "timeCreated": "2023-11-14T22:15:00Z",
            "properties": [f"NEXA_QUORUM_{quorum}", "NEXA_DISTINCT_OWNER"],
            "nexapod_job": {"id": "42", "contract": {"sha256": sha256(b"job 42 spec")},
                            "canonical": f"42.{valid[0]}.0",
                            "valid": [f"42.{each}.0" for each in valid],
                            "invalid": [f"42.{each}.0" for each in invalid]}}}


class AttestTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.keys = {}
        for node in (1, 2, 3):
            self.keys[node] = self.new_key(f"nexapod.example/node/{node}", f"n{node}.key")
        self.keys[0] = self.new_key(COORDINATOR, "c.key")
        self.write("nodes.vkeys", "# all nodes\n" + "".join(self.keys[n] for n in (1, 2, 3)))
        self.write("c.vkey", self.keys[0])

    def new_key(self, name, file):
        return self.succeeds("key", "new", name, "--out", file)

    def signed(self, statement, key):
        self.write("statement.json", json.dumps(statement))
        return self.succeeds("attest", "sign", "statement.json", "--key", key)

    def lines(self):
        other = dict(FILES, **{"out/result.bin": b"another result\n"})
        return [self.signed(attestation(1), "n1.key"), self.signed(attestation(2), "n2.key"),
                self.signed(attestation(3, files=other), "n3.key"),
                self.signed(verdict(), "c.key")]

    def put_bundle(self, lines=None):
        return self.write("42.intoto.jsonl", "".join(lines or self.lines()))

    def put_folder(self):
        for name, data in FILES.items():
            self.write("42/" + name, data)
        self.write("42/42.intoto.jsonl", "".join(self.lines()))

    def verify(self, *words, bundle="42.intoto.jsonl"):
        given = [bundle] if bundle else []
        return self.nexa("attest", "verify", *given, "--key", "nodes.vkeys", "--verifier",
                         "c.vkey", *words)

    def holds(self, *words, **options):
        done = self.verify(*words, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout

    def does_not_hold(self, *words, says, **options):
        done = self.verify(*words, **options)
        self.assertEqual((done.returncode, done.stderr), (1, ""), done.stdout)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, done.stdout)
        self.assertRegex(done.stdout, r"NOT VERIFIED: \d+ things? do(es)? not hold\n$")
        return done.stdout


class Verify(AttestTest):
    def test_an_honest_bundle_holds(self):
        self.put_bundle()
        text = self.holds()
        self.assertIn("42.intoto.jsonl: job 42\n", text)
        self.assertIn("line 2  42.2.0  https://nexapod.example/node/2, 2 files\n", text)
        self.assertIn(f"line 4  verdict of https://{COORDINATOR}, 2023-11-14T22:15:00Z\n", text)
        self.assertTrue(text.endswith("verified: 2 nodes behind the canonical result 42.1.0\n"))

    def test_the_report_as_json(self):
        self.put_bundle()
        document = json.loads(self.holds("--json"))
        self.assertEqual(document["schema"], "nexa.attest_verify/1")
        self.assertTrue(document["verified"])
        self.assertEqual(document["job"], "42")
        self.assertEqual(document["verdict"]["valid"], ["42.1.0", "42.2.0"])
        self.assertEqual(document["verdict"]["nodes_behind"], 2)
        self.assertEqual(document["attestations"][0]["outputs"][0],
                         {"name": "out/result.bin", "sha256": sha256(b"the result\n")})
        self.assertEqual(document["failures"], [])
        done = self.verify("--json", "--quorum", 3)
        self.assertEqual(done.returncode, 1)
        document = json.loads(done.stdout)
        self.assertFalse(document["verified"])
        self.assertEqual(document["failures"][0]["check"], "quorum")
        self.assertEqual(document["failures"][0]["line"], 4)

    def test_files_are_compared(self):
        self.put_bundle()
        self.write("here/result.bin", FILES["out/result.bin"])
        self.write("forged", b"a forged result\n")
        self.holds("--artifact", "here/result.bin")
        self.holds("--artifact", "out/result.bin=here/result.bin")
        self.does_not_hold("--artifact", "out/result.bin=forged",
                           says=["file: 'forged' is not the file that was attested",
                                 sha256(b"a forged result\n"), sha256(b"the result\n")])
        self.does_not_hold("--artifact", "forged", says="no attested file is called 'forged'")

    def test_tampering_is_named_with_its_line(self):
        lines = self.lines()
        envelope = json.loads(lines[1])
        payload = base64.b64decode(envelope["payload"]).replace(b"42.2.0", b"42.9.0")
        envelope["payload"] = base64.b64encode(payload).decode()
        self.put_bundle([lines[0], json.dumps(envelope) + "\n", *lines[2:]])
        self.does_not_hold(says=["42.intoto.jsonl:2: signature: none of its signatures is by a "
                                 "known key",
                                 "42.intoto.jsonl:4: verdict: it calls 42.2.0 valid, of which the "
                                 "bundle has no valid attestation"])
        self.put_bundle([lines[0], "{\n", *lines[2:]])
        self.does_not_hold(says="42.intoto.jsonl:2: envelope: no valid JSON")

    def test_a_bundle_without_its_verdict(self):
        self.put_bundle(self.lines()[:3])
        self.does_not_hold(says="there is no verdict that a known verifier has signed")
        self.assertIn("verified: 3 attestations, no verdict", self.holds("--without-verdict"))

    def test_a_verdict_that_favours_the_wrong_result(self):
        lines = self.lines()
        wrong = dict(FILES, **{"out/result.bin": b"another result\n"})
        lines[3] = self.signed(verdict((3, 2), (1,), files=wrong), "c.key")
        self.put_bundle(lines)
        self.does_not_hold(says="it calls 42.2.0 valid, whose files differ from its own")

    def test_a_node_that_signs_a_verdict_or_for_another(self):
        lines = self.lines()
        self.put_bundle([*lines[:3], self.signed(verdict(), "n1.key")])
        self.does_not_hold(says="42.intoto.jsonl:4: identity: it is not signed by the verifier")
        self.put_bundle([lines[0], self.signed(attestation(2), "n1.key"), *lines[2:]])
        self.does_not_hold(says="42.intoto.jsonl:2: identity: it is not signed by the node")

    def test_the_envelope_of_the_vectors(self):
        key = vkey("nexapod.example/node/21fe31dfa154a261", VECTOR_NODE)
        text = self.succeeds("attest", "verify", VECTORS / "env.json", "--key", key,
                             "--without-verdict")
        self.assertIn("42.1.0  https://nexapod.example/node/21fe31dfa154a261, 1 file\n", text)
        other = vkey("nexapod.example/node/another", VECTOR_NODE)
        done = self.nexa("attest", "verify", VECTORS / "env.json", "--key", other,
                         "--without-verdict")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the key that signed is that of 'nexapod.example/node/another'", done.stdout)


class BadInput(AttestTest):
    def test_what_cannot_be_read_is_no_verdict(self):
        self.put_bundle()
        good = ["--key", "nodes.vkeys", "--verifier", "c.vkey"]
        for words, message in [
                (["none.jsonl", *good], "none.jsonl"),
                (["42.intoto.jsonl"], "no key of a node is given"),
                (["42.intoto.jsonl", "--key", "nodes.vkeys"], "no key of a verifier is given"),
                (good, "no bundle is given"),
                (["42.intoto.jsonl", *good, "--artifact", "none"], "none"),
                (["42.intoto.jsonl", *good, "--archive", "none.tar"], "none.tar"),
                (["42.intoto.jsonl", "--key", "n+1+x", *good[2:]], "n+1+x"),
                (["42.intoto.jsonl", "--key", "n1.key", *good[2:]], "private key"),
                (["42.intoto.jsonl", *good, "--index", "3"], "go with --registry"),
                (["42.intoto.jsonl", *good, "--registry", "x"], "--registry needs"),
                (["42.intoto.jsonl", *good, "--quorum", "few"], "few"),
                (["42.intoto.jsonl", *good, "--quorum", "2", "--without-verdict"], "--quorum")]:
            self.fails(2, "attest", "verify", *words, says=message)

    def test_statements_that_nobody_could_read_are_not_signed(self):
        bad = attestation(1)
        del bad["predicate"]["runDetails"]["builder"]
        self.write("statement.json", json.dumps(bad))
        self.fails(2, "attest", "sign", "statement.json", "--key", "n1.key",
                   says="predicate.runDetails.builder")
        self.write("statement.json", json.dumps(attestation(1))[:-1] + ',"predicate":{}}')
        self.fails(2, "attest", "sign", "statement.json", "--key", "n1.key", says="stands twice")


class Keys(AttestTest):
    def test_a_private_key_is_private(self):
        path = self.folder / "n1.key"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(self.succeeds("key", "show", "n1.key"), self.keys[1])
        self.assertRegex(self.keys[1], r"^nexapod\.example/node/1\+[0-9a-f]{8}\+[\w+/]{44}\n$")
        self.fails(1, "key", "new", "another", "--out", "n1.key", says="exists already")
        path.chmod(0o640)
        self.fails(4, "key", "show", "n1.key", says="others may read or write it")
        path.chmod(0o600)
        os.symlink(path, self.folder / "link")
        self.fails(4, "key", "show", "link", says="symbolic link")
        self.fails(2, "key", "show", "none", says="none")
        self.fails(2, "key", "new", "with blank", "--out", "x.key", says="with blank")

    def test_a_witness_signs_nothing_but_checkpoints(self):
        self.succeeds("key", "new", "example.org/witness", "--witness", "--out", "w.key")
        self.write("statement.json", json.dumps(attestation(1)))
        self.put_folder()
        before = self.files()
        record = ["--log", "L", "--index", 1, "--identity", "https://example.org/x"]
        for words in [
                ["attest", "sign", "statement.json", "--key", "w.key"],
                ["attest", "archive", "42", "--out", "42.tar", "--key", "w.key"],
                ["key", "add", *record, "--key", "w.key", "--voucher", "c.key"],
                ["key", "add", *record, "--key", "n1.key", "--voucher", "w.key"],
                ["key", "revoke", *record, "--key", self.keys[1].strip(), "--from", 1,
                 "--signer", "w.key"]]:
            self.fails(2, *words, says=["w.key: error: the key of 'example.org/witness' is one "
                                        "of a witness", "it signs checkpoints only"])
        self.assertEqual(self.files(), before, "nothing may be written")

    def test_public_halves_for_other_programs(self):
        document = self.document("key", "show", "n1.key")
        key = base64.b64decode(self.keys[1].split("+", 2)[2])[1:]
        self.assertEqual(vkey("nexapod.example/node/1", key) + "\n", self.keys[1])
        self.assertEqual(document["key_id"], sha256(key))
        self.assertEqual(document["pem"], self.succeeds("key", "show", self.keys[1].strip(),
                                                        "--as", "pem"))
        self.assertEqual(document["key_id"] + "\n", self.succeeds("key", "show", "n1.key",
                                                                  "--as", "id"))

    def test_revocation_counts_from_its_place_in_the_log(self):
        self.put_bundle()
        self.new_key("registrar", "r.key")
        log = ["--log", "nexapod.example/log"]
        lines = [self.succeeds("key", "add", *log, "--index", node, "--identity",
                               f"https://nexapod.example/node/{node}", "--key", f"n{node}.key",
                               "--voucher", "r.key") for node in (1, 2, 3)]
        lines.append(self.succeeds("key", "revoke", *log, "--index", 90, "--identity",
                                   "https://nexapod.example/node/2", "--key",
                                   self.keys[2].strip(), "--from", 40, "--signer", "r.key"))
        self.write("log.jsonl", "".join(lines))
        self.write("r.vkey", self.succeeds("key", "show", "r.key"))
        words = ["attest", "verify", "42.intoto.jsonl", "--verifier", "c.vkey", "--registry",
                 "log.jsonl", *log, "--registrar", "r.vkey", "--index"]
        self.succeeds(*words, 39)
        done = self.nexa(*words, 40)
        self.assertEqual(done.returncode, 1)
        self.assertIn("was revoked from entry 40 on, and is used at entry 40", done.stdout)
        # A record with another registrar's name under it is no record.
        done = self.nexa(*words[:-3], "--registrar", "c.vkey", "--index", 39)
        self.assertEqual(done.returncode, 4)
        self.assertIn("log.jsonl:1: error: ", done.stderr)


class Archives(AttestTest):
    def setUp(self):
        super().setUp()
        self.put_folder()
        self.succeeds("attest", "archive", "42", "--out", "42.tar", "--key", "c.key")

    def test_an_archive_is_all_that_is_needed(self):
        text = self.holds("--archive", "42.tar", bundle=None)
        self.assertIn("archive signed: file:42.tar\tsigner:nexapod.example/coordinator", text)
        self.write("42.tar.gz", gzip.compress((self.folder / "42.tar").read_bytes()))
        self.assertIn("not signed", self.holds("--archive", "42.tar.gz", bundle=None))
        self.put_bundle([(self.folder / "42/42.intoto.jsonl").read_text(encoding="utf-8")])
        self.holds("--archive", "42.tar")

    def test_a_folder_with_its_list(self):
        with tarfile.open(self.folder / "42.tar") as tar:
            tar.extractall(self.folder / "unpacked")
        self.holds("--archive", "unpacked", bundle=None)
        self.write("unpacked/extra", b"x")
        self.does_not_hold("--archive", "unpacked", bundle=None,
                           says="'extra' is not listed in SHA256SUMS")

    def test_changes_of_the_archive(self):
        data = bytearray((self.folder / "42.tar").read_bytes())
        at = data.index(b"the result")
        data[at] ^= 1
        self.write("42.tar", bytes(data))
        self.does_not_hold("--archive", "42.tar", bundle=None,
                           says=["'out/result.bin' is not the file that is listed",
                                 "'out/result.bin' is not the file that is attested",
                                 "no key that was given has made the signature of '42.tar'"])

    def test_a_signature_may_be_demanded(self):
        self.succeeds("attest", "archive", "42", "--out", "bare.tar")
        self.assertIn("not signed", self.holds("--archive", "bare.tar", bundle=None))
        self.does_not_hold("--archive", "bare.tar", "--archive-key", "c.vkey", bundle=None,
                           says="there is no signature 'bare.tar.minisig'")

    @unittest.skipUnless(shutil.which("sha256sum"), "the program sha256sum is not installed")
    def test_the_list_is_one_of_sha256sum(self):
        with tarfile.open(self.folder / "42.tar") as tar:
            tar.extractall(self.folder / "unpacked")
        subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], check=True,
                       cwd=self.folder / "unpacked", capture_output=True)

    @unittest.skipUnless(shutil.which("minisign"), "the program minisign is not installed")
    def test_minisign_verifies_ours_and_we_verify_its(self):
        self.write("c.pub", self.succeeds("key", "show", "c.key", "--as", "minisign"))
        subprocess.run(["minisign", "-V", "-p", "c.pub", "-m", "42.tar"], check=True,
                       cwd=self.folder, capture_output=True)
        subprocess.run(["minisign", "-G", "-W", "-p", "their.pub", "-s", "their.key"], check=True,
                       cwd=self.folder, capture_output=True)
        subprocess.run(["minisign", "-S", "-H", "-s", "their.key", "-t", "theirs", "-m", "42.tar"],
                       check=True, cwd=self.folder, capture_output=True)
        self.does_not_hold("--archive", "42.tar", bundle=None, says="no key that was given")
        self.assertIn("archive signed: theirs",
                      self.holds("--archive", "42.tar", "--archive-key", "their.pub", bundle=None))

    @unittest.skipUnless(shutil.which("openssl"), "the program openssl is not installed")
    def test_openssl_verifies_an_attestation(self):
        envelope = json.loads(self.lines()[0])
        kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
        self.write("pae", b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
        self.write("sig", base64.b64decode(envelope["signatures"][0]["sig"]))
        self.write("n1.pem", self.succeeds("key", "show", "n1.key", "--as", "pem"))
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "n1.pem", "-rawin", "-in",
                   "pae", "-sigfile", "sig"]
        subprocess.run(command, check=True, cwd=self.folder, capture_output=True)


class Document(CommandTest):
    """Runs what docs/attestations.md shows, in the folder that it names."""

    def setUp(self):
        super().setUp()
        shutil.copytree(SOURCES / "tests/data/attest", self.folder, dirs_exist_ok=True)
        text = (SOURCES / "docs/attestations.md").read_text(encoding="utf-8")
        self.blocks = re.findall(r"^```(sh|text)\n(.*?)^```$", text, re.M | re.S)

    def test_its_commands_work_and_print_what_it_shows(self):
        programs = [name for name in ("minisign", "openssl", "sha256sum", "tar")
                    if shutil.which(name) is None]
        if programs:
            self.skipTest(f"not installed: {', '.join(programs)}")
        printed = ""
        self.assertGreaterEqual([kind for kind, _ in self.blocks].count("sh"), 7)
        for kind, text in self.blocks:
            if kind == "text" and "NOT VERIFIED" not in text:
                self.assertEqual(printed, text)
            if kind == "sh":
                environment = {**common.ENVIRONMENT, "PATH": os.path.dirname(common.NEXA) + ":" +
                               os.environ["PATH"]}
                done = subprocess.run(["sh", "-e", "-c", text], cwd=self.folder, env=environment,
                                      capture_output=True, text=True, timeout=300, check=False)
                self.assertEqual(done.returncode, 0, text + done.stdout + done.stderr)
                printed = done.stdout


if __name__ == "__main__":
    common.main()
