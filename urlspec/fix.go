package urlspec

// FixKind says what may be done with a fix.
type FixKind string

// The kinds of fix.
const (
	// FixNone is for a problem without a fix.
	FixNone FixKind = ""
	// FixOffered is for a person to decide on: the text can be read in more
	// than one way, or the fix has a price.
	FixOffered FixKind = "offered"
	// FixSafe may be made without asking. It keeps the login, every target that
	// Apprise reads, and every protection, and changes nothing that Apprise
	// already does as it was plainly meant.
	FixSafe FixKind = "safe"
)

// Fix is an edit of the text: replace the bytes Start to End by Text.
type Fix struct {
	Label string  `json:"label"`
	Start int     `json:"start"`
	End   int     `json:"end"`
	Text  string  `json:"text"`
	Kind  FixKind `json:"kind"`
}

// Apply returns text with the fix made. A fix whose offsets lie outside the
// text leaves it as it is.
func (f Fix) Apply(text string) string {
	if f.Start < 0 || f.End < f.Start || f.End > len(text) {
		return text
	}
	return text[:f.Start] + f.Text + text[f.End:]
}

// Fixes are all fixes of a problem, the likeliest first.
func (p *Problem) Fixes() []Fix {
	if p.Fix == nil {
		return nil
	}
	return append([]Fix{*p.Fix}, p.Others...)
}

// Shifted is the problem of a text in which what was at 0 stands at by.
func (p Problem) Shifted(by int) Problem {
	fixes := p.Fixes()
	p.Start, p.End, p.Fix, p.Others = p.Start+by, p.End+by, nil, nil
	for _, f := range fixes {
		f.Start, f.End = f.Start+by, f.End+by
		p.offer(f)
	}
	return p
}

// offer adds a fix behind those that the problem has.
func (p *Problem) offer(f Fix) {
	if p.Fix == nil {
		p.Fix = &f
		return
	}
	p.Others = append(p.Others, f)
}

// keeps says whether a fix holds what a safe one promises, by what Apprise
// reads before and after it. A text that it refuses has nothing to keep. Where
// the host is in doubt the domain is not the login's: it is a piece of a
// password.
func keeps(before, after *resolved) bool {
	if !before.accepted() {
		return true
	}
	a, b := &before.values, &after.values
	switch {
	case before.login.local != after.login.local, before.login.resource != after.login.resource:
		return false
	case protection(b) < protection(a), a.Verify && !b.Verify, a.ScramPlus && !b.ScramPlus:
		return false
	}
	return after.accepted() && before.domain() == after.domain() && before.reaches(after)
}

// protection ranks modes by how much they protect.
func protection(r *Reading) int {
	if r.Mode == ModeNone {
		return 0
	}
	return 1
}

// domain is the domain of the login JID.
func (r *resolved) domain() string {
	if r.login.domain != "" {
		return r.login.domain
	}
	return r.values.Host
}

// reaches says whether every target that Apprise writes to is one of other's
// too.
func (r *resolved) reaches(other *resolved) bool {
	has := make(map[Address]bool, len(other.entries))
	for _, a := range other.destinations() {
		has[a] = true
	}
	for _, a := range r.destinations() {
		if !has[a] {
			return false
		}
	}
	return true
}

// destinations are who gets the message, and nothing else of them. Without any
// target it is the login JID.
func (r *resolved) destinations() []Address {
	out := make([]Address, 0, len(r.entries)+1)
	for _, e := range r.entries {
		if !e.ok {
			continue
		}
		a := Address{Kind: Chat, JID: e.jid.String(r.values.Host)}
		if e.jid.room {
			a.Kind = Groupchat
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		out = append(out, Address{Kind: Chat, JID: r.login.String(r.values.Host)})
	}
	return out
}
