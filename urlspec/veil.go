package urlspec

import (
	"slices"
	"strings"
)

// A value of the reading that comes from a stretch which may hold a password
// may hold a part of it: the host of xmpps://alice:p@ss@example.com is "ss".
// Veiled puts the mask in the place of such values.

// Veiled is s with its reading as it may be shown; see [Reading.Veiled].
func (s Spec) Veiled() Spec {
	s.Reading = s.Reading.Veiled()
	return s
}

// veil is what may be shown of a reading that has secrets.
type veil struct {
	shown Reading
	// texts are what is hidden.
	texts []string
}

// Veiled is r as it may be shown: every value that may hold a part of a password
// is [Mask], or has it in that part's place. The password itself stays, and has
// no form in which it could be printed. Most readings have nothing to hide.
func (r Reading) Veiled() Reading {
	if r.veil == nil {
		return r
	}
	shown := r.veil.shown
	shown.Password, shown.PasswordSet = r.Password, r.PasswordSet
	return shown
}

// Masked names the values that [Reading.Veiled] has hidden, as they are called
// in JSON.
func (r Reading) Masked() []string { return slices.Clone(r.masked) }

// Secrets are the texts that must not show anywhere, beside the password: the
// stretches of the URL that may hold one, and what Apprise read out of them.
// There are none in an ordinary URL.
func (r Reading) Secrets() []string {
	if r.veil == nil {
		return nil
	}
	return slices.Clone(r.veil.texts)
}

// Doubt is the problem for which the host may hold a part of a password, if it
// may: nothing must be looked up or connected then.
func (s Spec) Doubt() (Problem, bool) {
	if !s.doubt {
		return Problem{}, false
	}
	for _, p := range s.Problems {
		if reveals(p.Code) {
			return p, true
		}
	}
	return Problem{Code: "password-at", Severity: Error,
		Message: "A part of the password may stand where Apprise looks for the host."}, true
}

// veiler masks the values of a reading.
type veiler struct {
	*resolved
	text  string
	marks []extent // the secrets
	veil
}

// veil is what may be shown of a reading, nil when that is all of it.
func (r *resolved) veil(whole *Reading, text string, marks []extent) *veil {
	if !whole.Accepted || r.ordinary(marks) {
		return nil
	}
	v := veiler{resolved: r, text: text, marks: marks, veil: veil{shown: *whole}}
	v.parts()
	v.targets()
	if len(v.shown.masked) == 0 {
		return nil
	}
	for _, m := range marks {
		v.keep(text[m.start:m.end])
	}
	v.canonical()
	return &v.veil
}

// ordinary says whether there is nothing to hide but the password in the user
// part.
func (r *resolved) ordinary(marks []extent) bool {
	return len(marks) == 0 || len(marks) == 1 && r.hasPass && marks[0] == r.password.extent()
}

// keep notes a text that must not show, in every form that decoding gives it.
func (v *veiler) keep(text string) {
	for range 4 {
		if text != "" && !slices.Contains(v.texts, text) {
			v.texts = append(v.texts, text)
		}
		text = unquote(text)
	}
}

// hides says whether a stretch may hold a password.
func (v *veiler) hides(from extent) bool {
	return from.start < from.end && covers(v.marks, from.start, from.end)
}

// mask hides a value that comes from a stretch of the text, if that may hold a
// password. name is what the value is called, empty when it has no name.
func (v *veiler) mask(name string, value *string, from extent) bool {
	if !v.hides(from) {
		return false
	}
	v.keep(*value)
	*value = Mask
	if name != "" {
		v.shown.masked = append(v.shown.masked, name)
	}
	return true
}

func (v *veiler) parts() {
	out := &v.shown
	user, host := v.lexed.user.extent(), v.host.extent()
	if p := v.written("user"); p != nil {
		user = p.value()
	}
	nick, server, domain := user, host, host
	if v.nickParam != nil {
		nick = v.nickParam.value()
	}
	if v.serverParam != nil {
		server = v.serverParam.value()
	}
	if v.login.domain != "" {
		domain = user
	}
	login := v.login
	if v.hides(user) || v.hides(domain) {
		login.domain = v.domain()
		v.mask("", &login.local, user)
		v.mask("", &login.domain, domain)
		if login.resource != "" {
			v.mask("", &login.resource, user)
		}
		out.LoginJID = login.String("")
		out.masked = append(out.masked, "login_jid")
	}
	v.mask("", &out.User, user)
	v.mask("", &out.Host, host)
	v.mask("stream_to", &out.StreamTo, domain)
	v.mask("tcp_host", &out.TCPHost, server)
	if v.portSet && v.hides(v.portFrom()) {
		out.Port, out.bigPort = 0, ""
		out.masked = append(out.masked, "port")
	}
	v.mask("nick", &out.Nick, nick)
	if p := v.written("tz"); p != nil && out.TZ != nil {
		zone := *out.TZ
		v.mask("tz", &zone, p.value())
		out.TZ = &zone
	}
}

// portFrom is where the port stands.
func (v *veiler) portFrom() extent {
	if v.portParam != nil {
		return v.portParam.value()
	}
	return v.lexed.port.extent()
}

func (v *veiler) targets() {
	whole := v.shown.Targets
	shown := make([]Address, len(whole))
	masked := false
	for i, t := range whole {
		j, _ := splitJID(t.JID)
		switch {
		case t.Start == t.End:
			t.JID = v.shown.LoginJID
		case v.hides(extent{t.Start, t.End}):
			t.JID = v.maskedJID(t)
		case t.Domain == FromHost && v.hides(v.host.extent()):
			t.JID = j.local + "@" + Mask
			if j.resource != "" {
				t.JID += "/" + j.resource
			}
		}
		masked = masked || t.JID != whole[i].JID
		shown[i] = t
	}
	if masked {
		v.shown.Targets = shown
		v.shown.masked = append(v.shown.masked, "targets")
	}
}

// maskedJID is a target's JID with the secrets of its stretch masked where they
// stand, or altogether.
func (v *veiler) maskedJID(t Address) string {
	jid := t.JID
	for _, m := range v.marks {
		start, end := max(m.start, t.Start), min(m.end, t.End)
		if start >= end {
			continue
		}
		secret := unquote(unquote(unquote(v.text[start:end])))
		at := strings.LastIndex(jid, secret)
		if start == t.Start && end == t.End || secret == "" || at < 0 {
			v.keep(localOf(t.JID))
			return Mask
		}
		jid = jid[:at] + Mask + jid[at+len(secret):]
	}
	return jid
}

func localOf(jid string) string {
	local, _, _ := strings.Cut(jid, "@")
	return local
}

// canonical prints Apprise's own URL from what is left to show.
func (v *veiler) canonical() {
	r := *v.resolved
	r.values = v.shown
	r.portSet = r.portSet && !v.hides(v.portFrom())
	text := strings.ReplaceAll(r.canonical(), quote(Mask), Mask)
	if text != v.shown.CanonicalURL {
		v.shown.CanonicalURL = text
		v.shown.masked = append(v.shown.masked, "canonical_url")
	}
}

// value is where the value of a parameter stands.
func (p *Param) value() extent { return extent{p.ValueStart, p.ValueEnd} }
