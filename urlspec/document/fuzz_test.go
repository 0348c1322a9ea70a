package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
	"mvdan.cc/sh/v3/syntax"
)

// The targets below read a file of any content, fix it and read it again. A
// reader of their own says what is in both: the same but for values with URLs.

func FuzzYAML(f *testing.F) {
	fuzz(f, []string{"a.yml", "apprise.yml", "a.yaml"}, func(data []byte) ([]string, bool) {
		var values []string
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		for {
			var n yaml.Node
			switch err := decoder.Decode(&n); {
			case errors.Is(err, io.EOF):
				return values, true
			case err != nil:
				return nil, false
			}
			values = yamlValues(values, &n)
		}
	}, false)
}

func yamlValues(values []string, n *yaml.Node) []string {
	values = append(values, fmt.Sprint(n.Kind, n.Anchor, n.ShortTag()), n.Value)
	for _, child := range n.Content {
		values = yamlValues(values, child)
	}
	return values
}

func FuzzJSON(f *testing.F) {
	fuzz(f, []string{"a.json"}, func(data []byte) ([]string, bool) {
		var values []string
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		for {
			t, err := decoder.Token()
			switch {
			case errors.Is(err, io.EOF):
				return values, true
			case err != nil:
				return nil, false
			}
			values = append(values, fmt.Sprintf("%T %v", t, t))
		}
	}, false)
}

func FuzzTOML(f *testing.F) {
	fuzz(f, []string{"a.toml"}, func(data []byte) ([]string, bool) {
		var tree any
		if err := toml.Unmarshal(data, &tree); err != nil {
			return nil, false
		}
		return treeValues(nil, tree), true
	}, false)
}

// treeValues are the values of a tree, with the names of each.
func treeValues(values []string, tree any) []string {
	switch tree := tree.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(tree)) {
			values = treeValues(append(values, name), tree[name])
		}
	case []any:
		for _, child := range tree {
			values = treeValues(append(values, "-"), child)
		}
	default:
		values = append(values, fmt.Sprint(tree))
	}
	return values
}

func FuzzShell(f *testing.F) {
	fuzz(f, []string{"a.sh"}, func(data []byte) ([]string, bool) {
		_, err := syntax.NewParser().Parse(bytes.NewReader(data), "")
		return nil, err == nil
	}, false)
}

func FuzzBuild(f *testing.F) {
	fuzz(f, []string{"Dockerfile", "Makefile"}, nil, true)
}

func FuzzSettings(f *testing.F) {
	fuzz(f, []string{".env", "a.ini", "a.service", "a.properties", "crontab"}, nil, true)
}

func FuzzSource(f *testing.F) {
	fuzz(f, []string{"a.py", "a.go", "a.tf", "a.php", "a.lua", "a.bat"}, nil, false)
}

func FuzzMarkup(f *testing.F) { fuzz(f, []string{"a.md", "a.html"}, nil, true) }

func FuzzText(f *testing.F) { fuzz(f, []string{"a.txt", "", "apprise.conf"}, nil, true) }

// overLines are the formats in which a value, and so a URL, may go over lines. A file
// whose name says nothing is read as what it looks like.
var overLines = []Format{Shell, Source, YAML, JSON, TOML}

// fuzz is a target for some names. values reads a file independently of this
// package; byLine says that no URL goes over lines.
func fuzz(f *testing.F, names []string, values func([]byte) ([]string, bool), byLine bool) {
	seeds, err := filepath.Glob("../../testdata/lint/files/*")
	if err != nil || len(seeds) == 0 {
		f.Fatal(seeds, err)
	}
	for _, seed := range seeds {
		data, err := os.ReadFile(seed)
		if err != nil {
			continue // a folder
		}
		for i := range names {
			f.Add(uint8(i), data)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := names[int(which)%len(names)]
		d, err := Read(name, data)
		if err != nil {
			return
		}
		d.Problems(true)
		checkPlaces(t, d)
		fixed := d.Fix()
		if fixed.Data == nil {
			return
		}
		again, err := Read(name, fixed.Data)
		if err != nil || len(again.urls) != len(d.urls) {
			t.Fatalf("the %d URLs became others (%v): %q", len(d.urls), err, fixed.Data)
		}
		if twice := again.Fix(); twice.Data != nil {
			t.Fatalf("fixed once it is %q, and twice %q", fixed.Data, twice.Data)
		}
		if byLine && d.file.wide == nil && !slices.Contains(overLines, d.format) {
			sameLines(t, data, fixed.Data)
		}
		if values == nil || d.file.wide != nil || len(d.file.odd) > 0 {
			return
		}
		before, ok := values(data)
		after, okAfter := values(fixed.Data)
		switch {
		case ok != okAfter:
			t.Fatalf("before the fix it can be read: %v, after: %v: %q", ok, okAfter, fixed.Data)
		case len(before) != len(after):
			t.Fatalf("there are %d values, there were %d: %q", len(after), len(before), fixed.Data)
		}
		for i := range before {
			if before[i] != after[i] && !mentions(before[i]) {
				t.Fatalf("%q became %q: %q", before[i], after[i], fixed.Data)
			}
		}
	})
}

// checkPlaces looks whether every URL stands in the file.
func checkPlaces(t *testing.T, d *Document) {
	for _, u := range d.urls {
		from, to := u.view.place(u.start), u.view.placeEnd(u.end)
		if from < 0 || to > len(d.root.text) {
			t.Fatalf("the URL %q is at %d to %d of %d", u.text(), from, to, len(d.root.text))
		}
	}
}

// sameLines looks whether only lines with URLs changed, and those that they go on
// with.
func sameLines(t *testing.T, before, after []byte) {
	a, b := bytes.Split(before, []byte("\n")), bytes.Split(after, []byte("\n"))
	if len(a) != len(b) {
		t.Fatalf("there are %d lines, there were %d: %q", len(b), len(a), after)
	}
	for i := range a {
		goesOn := i > 0 && bytes.HasSuffix(bytes.TrimRight(a[i-1], " \t\r"), []byte(`\`))
		if !bytes.Equal(a[i], b[i]) && !mentions(string(a[i])) && !goesOn {
			t.Fatalf("the line %q became %q", a[i], b[i])
		}
	}
}
