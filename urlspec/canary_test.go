package urlspec_test

import (
	"encoding/json"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/urlspec/urltest"
)

// TestCanary: nothing that this package says of a text holds a part of a
// password in it, nor does the text after a safe fix.
func TestCanary(t *testing.T) {
	for _, text := range urltest.Shapes() {
		for _, told := range said(t, text) {
			if urltest.Leaks(told) {
				t.Errorf("%s\n tells %s", text, told)
			}
		}
	}
}

// TestCanaryTyped: nor does anything show while a text is typed, or where it was
// cut off.
func TestCanaryTyped(t *testing.T) {
	texts := urltest.Typed()
	if len(texts) < 25000 {
		t.Errorf("only %d texts", len(texts))
	}
	for i, text := range texts {
		told := []string{urlspec.Redact(text)}
		if i%7 == 0 { // the rest of what is said takes longer
			told = said(t, text)
		}
		for _, told := range told {
			if urltest.Leaks(told) {
				t.Errorf("%q\n tells %s", text, told)
			}
		}
	}
}

func said(t *testing.T, text string) []string {
	var told []string
	add := func(value any) {
		line, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, string(line))
	}
	spec := urlspec.Parse(text)
	add(spec.Veiled().Reading)
	add(spec.Problems)
	fixed, applied := urlspec.FixAll(text)
	add(applied)
	for _, x := range spec.Settings() {
		told = append(told, x.Name, x.Value, x.Default, x.Note())
	}
	told = append(told, spec.Redacted(), urlspec.Redact(text), urlspec.Redact(fixed))
	for _, p := range spec.Problems {
		for _, f := range p.Fixes() {
			told = append(told, spec.RedactedAfter(f))
		}
	}
	for _, part := range urlspec.Split(text) {
		told = append(told, part.Left, urlspec.Redact(part.Text))
		add(urlspec.Parse(part.Text).Veiled().Reading)
		add(urlspec.Parse(part.Text).Problems)
	}
	_, left, _ := urlspec.Extract(text)
	return append(told, left)
}
