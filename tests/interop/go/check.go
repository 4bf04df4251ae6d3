// Checks checkpoints and proofs of a ledger's journal with the library of the Go project that reads
// transparency logs, and that shares no code with nexapod.
//
//	check checkpoint VKEY NOTE JOURNAL    the signature, and the root over the first lines
//	check record VKEY RECEIPT JOURNAL     the signature, and that a line is in the tree
//	check tree VKEY OLD_NOTE REQUEST      the signatures, and that one tree continues the other
//
// Each argument but the first is a file. What holds is said on standard output; otherwise the exit
// status is 1.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

func contents(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

// open verifies the signature of a checkpoint and reads its text: origin, size and root.
func open(signed []byte, key string) checkpoint {
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		must(fmt.Errorf("a checkpoint of %d lines", len(lines)))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return checkpoint{lines[0], size, root}
}

func linesOf(journal []byte) [][]byte {
	return bytes.Split(bytes.TrimSuffix(journal, []byte("\n")), []byte("\n"))
}

// rootOf builds the tree over records from nothing, as a log of Go modules would.
func rootOf(records [][]byte) tlog.Hash {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for n, record := range records {
		hashes, err := tlog.StoredHashes(int64(n), record, reader)
		must(err)
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(int64(len(records)), reader)
	must(err)
	return root
}

// split reads a first block of text, whose lines behind `skip` are hashes, and what follows its
// empty line.
func split(text []byte, skip int) (head []string, proof []tlog.Hash, rest []byte) {
	block, rest, found := bytes.Cut(text, []byte("\n\n"))
	if !found {
		must(fmt.Errorf("no empty line behind the proof"))
	}
	head = strings.Split(string(block), "\n")
	if len(head) < skip {
		must(fmt.Errorf("only %d lines before the empty one", len(head)))
	}
	for _, line := range head[skip:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	return head[:skip], proof, rest
}

func number(line, word string) int64 {
	value, err := strconv.ParseInt(strings.TrimPrefix(line, word+" "), 10, 64)
	must(err)
	return value
}

func checkRoot(key string, signed, journal []byte) {
	head := open(signed, key)
	lines := linesOf(journal)
	if int64(len(lines)) < head.size {
		must(fmt.Errorf("the journal has %d lines, the checkpoint covers %d", len(lines), head.size))
	}
	if rootOf(lines[:head.size]) != head.root {
		must(fmt.Errorf("the root over %d lines is another", head.size))
	}
	fmt.Println("checkpoint", head.origin, head.size)
}

func checkRecord(key string, receipt, journal []byte) {
	head, proof, signed := split(receipt, 2)
	index := number(head[1], "index")
	tree := open(signed, key)
	lines := linesOf(journal)
	if index < 0 || index >= int64(len(lines)) {
		must(fmt.Errorf("the journal has no line %d", index))
	}
	hash := tlog.RecordHash(lines[index])
	must(tlog.CheckRecord(tlog.RecordProof(proof), tree.size, tree.root, index, hash))
	fmt.Println("record", index, "of", tree.size)
}

func checkTree(key string, signed, request []byte) {
	head, proof, next := split(request, 1)
	older, newer := open(signed, key), open(next, key)
	if number(head[0], "old") != older.size {
		must(fmt.Errorf("the proof is not from %d entries on", older.size))
	}
	must(tlog.CheckTree(tlog.TreeProof(proof), newer.size, newer.root, older.size, older.root))
	fmt.Println("tree", older.size, "to", newer.size)
}

func main() {
	checks := map[string]func(string, []byte, []byte){
		"checkpoint": checkRoot, "record": checkRecord, "tree": checkTree}
	if len(os.Args) != 5 || checks[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: check checkpoint|record|tree VKEY FILE FILE")
		os.Exit(2)
	}
	checks[os.Args[1]](string(contents(os.Args[2])), contents(os.Args[3]), contents(os.Args[4]))
}
