package xmppcore

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// passwordFilter is a password that must not show even where the server repeats
// it: in the text of an error (some servers quote the password that was wrong),
// as a nick, as the name of an element. A server that wants to reveal it can
// always write it in a way that nobody recognises; these are the ways in which
// it is written by accident. The zero value hides nothing.
type passwordFilter struct {
	forms []string
	// wordy is true for a password that is a plain word: our own sentences may
	// use it, and striking it out there would reveal it.
	wordy bool
}

// minSecret is the length from which on a password is looked for, in bytes.
// Shorter ones are a part of many words, which would become unreadable, and
// what is missing from a well-known text would reveal them.
const minSecret = 4

// newPasswordFilter takes the password of a reading. It is none where the password is
// part of what must be shown: the login JID, the host, a target or the nick.
func newPasswordFilter(reading urlspec.Reading) passwordFilter {
	password := reading.Password
	if len(password) < minSecret {
		return passwordFilter{}
	}
	public := []string{reading.LoginJID, reading.StreamTo, reading.Host, reading.TCPHost, reading.Nick}
	for _, t := range reading.Targets {
		public = append(public, t.JID)
	}
	if slices.ContainsFunc(public, func(s string) bool { return strings.Contains(s, password) }) {
		return passwordFilter{}
	}
	user, _, _ := strings.Cut(reading.LoginJID, "@")
	s := passwordFilter{wordy: strings.Trim(password, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == ""}
	escaped := []string{url.PathEscape(password), url.QueryEscape(password)}
	forms := append(escaped, lowerEscapes(escaped[0]), lowerEscapes(escaped[1]), wire.Safe(password), password)
	for _, payload := range []string{password, "\x00" + user + "\x00" + password} {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, encoding.EncodeToString([]byte(payload)))
		}
	}
	s.forms = slices.Compact(slices.Sorted(slices.Values(forms)))
	return s
}

// lowerEscapes writes %2F as %2f.
func lowerEscapes(text string) string {
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], strings.ToLower(text[i:i+3]))
		}
	}
	return string(b)
}

// isIn reports whether a text holds the password in any form.
func (s passwordFilter) isIn(text string) bool {
	return slices.ContainsFunc(s.forms, func(form string) bool { return strings.Contains(text, form) })
}

// hidden stands for a text of the server's that holds the password. All of the
// text goes: what is missing from a well-known sentence would reveal it.
const hidden = "[hidden: the password stands in it]"

// cleaner takes the password out of one event and keeps what it took out.
type cleaner struct {
	passwordFilter
	removed []string
}

// theirs is a text that the server chose, or what stands for it.
func (c *cleaner) theirs(text *string) {
	if c.isIn(*text) {
		c.removed = append(c.removed, *text)
		*text = hidden
	}
}

// ours is a text of ours, which may quote the server, or one of the words that
// the protocol defines.
func (c *cleaner) ours(text *string) {
	// The longest first: one may stand in another.
	slices.SortFunc(c.removed, func(a, b string) int { return len(b) - len(a) })
	for _, quoted := range c.removed {
		*text = strings.ReplaceAll(*text, quoted, hidden)
	}
	if !c.wordy && c.isIn(*text) {
		for _, form := range c.forms {
			*text = strings.ReplaceAll(*text, form, "[hidden]")
		}
	}
}

// list is a list of names that the server chose.
func (c *cleaner) list(names *[]string) {
	if slices.ContainsFunc(*names, c.isIn) {
		*names = slices.Clone(*names)
		for i := range *names {
			c.theirs(&(*names)[i])
		}
	}
}

// event is e without the password. What it points to is not changed but copied.
func (s passwordFilter) event(e event.Event) event.Event {
	if len(s.forms) == 0 {
		return e
	}
	c := cleaner{passwordFilter: s}
	e.Data = c.data(e.Data)
	e.Failure = c.failure(e.Failure)
	c.ours(&e.Text)
	return e
}

// failure is a copy of f without the password.
func (s passwordFilter) failure(f *event.Failure) *event.Failure {
	c := cleaner{passwordFilter: s}
	return c.failure(f)
}

func (c *cleaner) failure(f *event.Failure) *event.Failure {
	if f == nil || len(c.forms) == 0 {
		return f
	}
	clean := *f
	c.theirs(&clean.Text)
	c.theirs(&clean.Host)
	c.theirs(&clean.By)
	for _, text := range []*string{&clean.Condition, &clean.Type, &clean.Detail} {
		c.ours(text)
	}
	return &clean
}

// data is a copy of the facts without the password. What only the network
// below XMPP tells (names, addresses, certificates) came before the server
// could know it.
func (c *cleaner) data(d event.Data) event.Data {
	switch d := d.(type) {
	case event.Stream:
		c.theirs(&d.From)
		c.theirs(&d.To)
		c.theirs(&d.ID)
		return d
	case event.Features:
		c.list(&d.Mechanisms)
		c.list(&d.SASL2)
		c.list(&d.Bindings)
		return d
	case event.SASL:
		c.list(&d.Offered)
		c.list(&d.Bindings)
		d.Passed = slices.Clone(d.Passed)
		for i := range d.Passed {
			c.theirs(&d.Passed[i].Mechanism)
			c.ours(&d.Passed[i].Why)
		}
		d.Failure = c.failure(d.Failure)
		return d
	case event.Bind:
		c.theirs(&d.JID)
		return d
	case event.Room:
		c.theirs(&d.Nick)
		c.ours(&d.Role)
		d.Error = c.failure(d.Error)
		return d
	case event.Delivery:
		d.Error = c.failure(d.Error)
		return d
	}
	return d
}
