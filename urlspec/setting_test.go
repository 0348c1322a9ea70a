package urlspec

import (
	"slices"
	"strings"
	"testing"
)

// setting is the setting of a name, the zero Setting when there is none.
func setting(s Spec, name string) Setting {
	for _, x := range s.Settings() {
		if x.Name == name {
			return x
		}
	}
	return Setting{}
}

// TestEveryParameterIsComplete: a row lacks nothing, and names are not
// repeated, neither among the rows nor among their other names.
func TestEveryParameterIsComplete(t *testing.T) {
	kinds := []ParamKind{KindBool, KindChoice, KindInt, KindSeconds, KindHost, KindText, KindTargets, KindZone,
		KindPassword}
	seen := map[string]string{}
	for i := range parameters {
		row := &parameters[i]
		for _, name := range append([]string{row.Name}, row.also...) {
			if other, repeated := seen[name]; repeated || name == "" || name != paramName(name) {
				t.Errorf("%s: the name %q is that of %q too, or no name", row.Name, name, other)
			}
			seen[name] = row.Name
		}
		for what, text := range map[string]string{"help": row.Help, "effect in Apprise": row.InApprise,
			"effect here": row.Here} {
			if len(text) < len(nothing) || !strings.HasSuffix(text, ".") {
				t.Errorf("%s has the %s %q, which is no sentence", row.Name, what, text)
			}
		}
		if row.rule == nil {
			t.Fatalf("%s has no rule", row.Name)
		}
		if !slices.Contains(kinds, row.Kind) {
			t.Errorf("%s has the kind %q", row.Name, row.Kind)
		}
		if (row.Kind == KindBool || row.Kind == KindChoice) == (len(row.Values) == 0) {
			t.Errorf("%s is a %s and has the values %q", row.Name, row.Kind, row.Values)
		}
		if row.Kind == KindBool && row.Default != "yes" && row.Default != "no" {
			t.Errorf("%s has the default %q", row.Name, row.Default)
		}
		if !slices.Contains(displayOrder[:], row.Name) {
			t.Errorf("%s has no place in displayOrder", row.Name)
		}
		if isSecretName(row.Name) != (row.Kind == KindPassword) {
			t.Errorf("%s is a %s, but its name says otherwise", row.Name, row.Kind)
		}
		if row.Used == (row.Here == nothing) && row.Name != "rto" {
			t.Errorf("%s does %q here", row.Name, row.Here)
		}
	}
	if len(displayOrder) != len(parameters) {
		t.Errorf("%d places for %d rows", len(displayOrder), len(parameters))
	}
}

// TestEveryParameterIsRead: a row whose default does not depend on the URL has
// it as its value there, and each takes another value over and prints it.
func TestEveryParameterIsRead(t *testing.T) {
	other := map[ParamKind]string{KindInt: "7", KindSeconds: "7", KindHost: "h.example", KindText: "carol",
		KindTargets: "carol", KindZone: "Europe/Berlin", KindPassword: "canary"}
	fixed := []ParamKind{KindBool, KindSeconds}
	const url = "xmpps://alice:canary@example.org/bob"
	for _, row := range Parameters() {
		unset := setting(Parse(url), row.Name)
		if unset.Set || unset.Differs || unset.Value != unset.Default {
			t.Errorf("%s is not set, and is %+v", row.Name, unset)
		}
		if slices.Contains(fixed, row.Kind) && unset.Default != row.Default {
			t.Errorf("%s has the default %q, by the table %q", row.Name, unset.Default, row.Default)
		}
		written := other[row.Kind]
		for _, v := range row.Values {
			if v != unset.Default && (row.Name != "mode" || v != string(ModeNone)) {
				written = v
			}
		}
		s := Parse(url + "?" + row.Name + "=" + written)
		set := setting(s, row.Name)
		if !set.Set || !set.Differs || set.Value == unset.Value || set.Written != written || set.Default != unset.Default {
			t.Errorf("%s=%s is %+v, and %q when not set", row.Name, written, set, unset.Value)
		}
		printed := strings.Contains(s.Reading.CanonicalURL, row.Name+"=")
		if printed != (row.url != never) {
			t.Errorf("%s=%s is printed: %v, in %s", row.Name, written, printed, s.Reading.CanonicalURL)
		}
		if unasked := strings.Contains(Parse(url).Reading.CanonicalURL, row.Name+"="); unasked != (row.url == always) {
			t.Errorf("%s is printed without being asked for: %v", row.Name, unasked)
		}
	}
}

// TestSettingsHide: what may be a password, or the rest of one, is not shown.
func TestSettingsHide(t *testing.T) {
	for _, text := range []string{
		"xmpps://alice:pw@example.org?pass=canary",
		"xmpps://alice:pw@example.org?password=can&nary=1",
		"xmpps://alice:pw@example.org?pass=x&canary",
		"xmpps://alice:pw@example.org?token=canary",
		"xmpps://canary@example.org?user=alice",
		"xmpps://canary@example.org?user=alice&name=x-y",
		"xmpps://alice:x@canary@example.org",
		"xmpps://alice:x@canary@example.org?xmpp=",
		"xmpps://alice:pa?x&canary=1&name=canary@example.org",
		"xmpps://alice:pa?x&subject=canary&retry=canary@example.org",
		"xmpps://alice:pw@example.org?to=bob,pass=canary",
		"xmpps://alice:pw@example.org?xmpp=xmpp://a:canary@h.example",
		"xmpps://alice:pw@example.org?name=a%3Acanary%40b",
		"xmpps://alice:pw@example.org?overflow=xmpp://a:canary@h",
		"xmpps://alice:canary",
		"alice:canary@example.org",
	} {
		for _, s := range Parse(text).Settings() {
			if told := strings.Join([]string{s.Name, s.Value, s.Default, s.Note()}, " "); strings.Contains(told, "canary") {
				t.Errorf("%s: %s tells %q", text, s.Name, told)
			}
		}
	}
}

// TestSettingsOfARefusedURL: values are as written, and a default is there
// where the parts of the URL do not decide it.
func TestSettingsOfARefusedURL(t *testing.T) {
	for _, c := range []struct{ url, name, value, initial string }{
		{"xmpps://alice:pw@example.org?mode=bogus", "mode", "bogus", "starttls"},
		{"xmpp://alice:pw@example.org?mode=bogus", "mode", "bogus", "none"},
		{"xmpp://alice:pw@example.org?tz=Mars", "tz", "Mars", ""},
		{"xmpp://alice:pw@example.org?tz=Mars&retry=99", "retry", "99", "0"},
		{"xmpps://alice:pw@-h?cto=5", "cto", "5", "4.0"},
		{"xmpps://alice:pw@-h", "xmpp", "", ""},
		{"xmpps://alice:pw@-h?name=pager", "name", "pager", ""},
		{"xmpps:/", "mode", "", ""},
		{"", "mode", "", ""},
		{"", "verify", "yes", "yes"},
		{"hello", "port", "5222", "5222"},
	} {
		if s := setting(Parse(c.url), c.name); s.Value != c.value || s.Default != c.initial {
			t.Errorf("%q: %s is %q instead of %q, want %q instead of %q", c.url, c.name, s.Value, s.Default, c.value, c.initial)
		}
	}
}

// TestUnknownSettings: what Apprise does not know comes last, once each.
func TestUnknownSettings(t *testing.T) {
	all := Parse("xmpps://alice:pw@example.org?rooster=1&x&rooster=2&retry=1&+retry=3&=y").Settings()
	var got []string
	for _, s := range all[len(parameters):] {
		if s.Known || !s.Set || s.Differs || s.Help == "" || s.Note() != "" {
			t.Errorf("%+v", s)
		}
		got = append(got, s.Name+"="+s.Value)
	}
	if want := []string{"x=", "rooster=2", "+retry=3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
