package journey

import (
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// floors are the folders of packages, the lowest first. A package imports none
// of a higher floor.
var floors = []string{"urlspec", "xmppcore", "model", "ui"}

// packageMap is the tree of packages, each with the first sentence of its own
// documentation.
func packageMap(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("```text\n")
	for floor, top := range floors {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			synopsis := readPackage(t, path, floor)
			if synopsis == "" {
				return nil // a folder without Go files
			}
			const nameWidth, width = 20, 80
			lines := strings.Split(ansi.Wordwrap(synopsis, width-nameWidth, ""), "\n")
			for i, line := range lines {
				label := ""
				if i == 0 {
					label = strings.Repeat("  ", strings.Count(filepath.ToSlash(name), "/")) + filepath.Base(name)
				}
				fmt.Fprintf(&b, "%-*s%s\n", nameWidth, label, line)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	fmt.Fprintf(&b, "%-20s%s\n```\n", "main.go", "flags, commands, exit codes")
	return b.String()
}

// readPackage gives what a package says of itself in its first sentence, without
// its name, and checks that it imports nothing of a higher floor.
func readPackage(t *testing.T, dir string, floor int) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	synopsis := ""
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if parsed.Doc != nil && synopsis == "" {
			synopsis = new(doc.Package).Synopsis(parsed.Doc.Text())
			synopsis = strings.TrimPrefix(synopsis, "Package "+parsed.Name.Name+" ")
			synopsis = strings.TrimSuffix(strings.TrimPrefix(synopsis, "is "), ".")
			// What follows a colon is the details.
			synopsis, _, _ = strings.Cut(synopsis, ": ")
			synopsis, _, _ = strings.Cut(synopsis, "; ")
			synopsis = strings.NewReplacer("[", "", "]", "").Replace(synopsis)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			inside, ours := strings.CutPrefix(path, "xmppscope/")
			top, _, _ := strings.Cut(inside, "/")
			if ours && slices.Index(floors, top) > floor {
				t.Errorf("%s imports %s, which is on a higher floor", file, path)
			}
		}
	}
	if len(files) > 0 && synopsis == "" {
		t.Errorf("no file in %s says what the package is", dir)
	}
	return synopsis
}
