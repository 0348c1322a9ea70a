// Package chaintest has recorded certificate chains for tests, with what openssl and
// the Python of Apprise say of each.
//
//	for _, c := range chaintest.Load(t) {
//		leaf, _ := x509.ParseCertificate(c.Sent[0])
//		…
//	}
//
// Every chain is to be valid for the domain tls.lab; only the authority in Root is
// trusted. What is valid is so from 2020 to 2098. `make test-paths` makes the chains
// and records them in testdata/paths/chains.jsonl at the root of the module.
package chaintest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Domain is what every chain is to be valid for.
const Domain = "tls.lab"

// Chain is one chain, as a server sends it.
type Chain struct {
	Name string `json:"name"`
	// Root is the trusted authority, Sent what the server sends, its own certificate
	// first: both in DER.
	Root []byte   `json:"root"`
	Sent [][]byte `json:"sent"`
	// OpenSSL is why `openssl verify -verify_hostname` refuses it, Python why Apprise's
	// Python does; empty when they take it.
	OpenSSL string `json:"openssl,omitempty"`
	Python  string `json:"python,omitempty"`
}

// Load reads the recorded chains.
func Load(t testing.TB) []Chain {
	t.Helper()
	folder, err := os.Getwd()
	for ; err == nil; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil || folder == filepath.Dir(folder) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "testdata", "paths", "chains.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var chains []Chain
	for line := range bytes.Lines(text) {
		var c Chain
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		chains = append(chains, c)
	}
	return chains
}
