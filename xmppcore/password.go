package xmppcore

import (
	"slices"
	"strconv"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/secret"
	"xmppscope/xmppcore/wire"
)

// passwordFilter keeps the password and the secrets of a job out of all that is
// told of it, even where the server repeats them: in the text of an error (some
// servers quote the password that was wrong), as a nick, as the name of an
// element. Package secret knows the forms. The zero value hides nothing.
//
// A value of the reading that is shown anyway (the login JID, the host, the
// stream's domain, a target, the nick, and the words of these) stays shown
// wherever it stands, also where it is the password or holds it: striking it out
// would reveal more. This ends where one of the job's secrets stands in the
// value: then the value is itself a part of what may be a password, it is masked
// like any other text, and it excuses nothing. The job's secrets are looked for
// without any such exception.
type passwordFilter struct {
	password, secrets secret.Finder
	// veiled are the values of the reading that are shown otherwise, the longest
	// first: however short their secrets are, they show as they do everywhere.
	veiled []removal
	// wordy is true for a password that is a plain word: our own sentences may
	// use it, and striking it out there would reveal it. Where they quote the
	// other side, [event.Failure].Quoted says so.
	wordy bool
}

// hidden stands for a text of the server's that holds a secret. All of the text
// goes: what is missing from a well-known sentence would reveal it.
const hidden = urlspec.Mask + " (the password stands in it)"

func newPasswordFilter(job Job) passwordFilter {
	reading := job.Reading
	secrets := slices.DeleteFunc(slices.Concat(job.Secrets, reading.Secrets()),
		func(s string) bool { return s == reading.Password })
	f := passwordFilter{secrets: secret.NewFinder(secrets, nil), veiled: veiledValues(reading)}
	f.password = secret.NewFinder([]string{reading.Password}, shownAnyway(reading, f.secrets))
	f.wordy = f.password.Word()
	return f
}

// veiledValues are the values of a reading that [urlspec.Reading.Veiled] changes.
func veiledValues(r urlspec.Reading) []removal {
	shown := r.Veiled()
	var out []removal
	add := func(text, by string) {
		if text != by {
			out = append(out, removal{text, by})
		}
	}
	add(r.LoginJID, shown.LoginJID)
	add(r.StreamTo, shown.StreamTo)
	add(r.TCPHost, shown.TCPHost)
	add(r.Nick, shown.Nick)
	for i, t := range r.Targets {
		add(t.JID, shown.Targets[i].JID)
	}
	slices.SortStableFunc(out, func(a, b removal) int { return len(b.text) - len(a.text) })
	return out
}

// shownAnyway are the values of a reading, and their words, that hold no secret.
func shownAnyway(reading urlspec.Reading, secrets secret.Finder) []string {
	values := []string{reading.LoginJID, reading.User, reading.StreamTo, reading.Host, reading.TCPHost, reading.Nick}
	for _, t := range reading.Targets {
		values = append(values, t.JID)
	}
	var shown []string
	for _, v := range values {
		if secrets.In(v) {
			continue
		}
		shown = append(append(shown, v), strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("@/", r) })...)
		shown = append(shown, strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("@/.-_", r) })...)
	}
	return shown
}

// empty reports whether there is nothing to hide.
func (s passwordFilter) empty() bool {
	return s.password.Empty() && s.secrets.Empty() && len(s.veiled) == 0
}

// isIn reports whether a secret stands in a text.
func (s passwordFilter) isIn(text string) bool { return s.password.In(text) || s.secrets.In(text) }

// isPartlyIn reports whether a piece of a secret stands in a text where a cut may
// have left it.
func (s passwordFilter) isPartlyIn(text string) bool {
	return s.password.Partly(text) || s.secrets.Partly(text)
}

// redactor prints XML without the secrets.
func (s passwordFilter) redactor() wire.Redactor {
	if s.empty() {
		return wire.Redactor{}
	}
	return wire.Redactor{Hides: s.isPartlyIn, HidesTogether: s.isIn, Mask: urlspec.Mask}
}

// cleaner takes the secrets out of one event and keeps what it took out.
type cleaner struct {
	passwordFilter
	removed []removal
}

// removal is a text that was taken out, and what stands there now.
type removal struct{ text, by string }

// replace puts another text in the place of one.
func (c *cleaner) replace(text *string, by string) {
	c.removed = append(c.removed, removal{*text, by})
	*text = by
}

// theirs is a text that the other side wrote: all of it goes.
func (c *cleaner) theirs(text *string) {
	if c.isPartlyIn(*text) {
		c.replace(text, hidden)
	}
}

// place is a name or an address: the secret goes, the rest of it stays.
func (c *cleaner) place(text *string) {
	if i := slices.IndexFunc(c.veiled, func(v removal) bool { return v.text == *text }); i >= 0 {
		c.replace(text, c.veiled[i].by)
	} else if c.isIn(*text) {
		c.replace(text, c.secrets.Strike(c.password.Strike(*text, urlspec.Mask), urlspec.Mask))
	}
}

// port is 0 where a port is one of the secrets.
func (c *cleaner) port(port *int) {
	if c.secrets.In(strconv.Itoa(*port)) {
		*port = 0
	}
}

// address is a JID, or part of one, that the other side wrote.
func (c *cleaner) address(text *string) {
	if c.place(text); c.isPartlyIn(*text) {
		c.replace(text, urlspec.Mask)
	}
}

// ours is a text of ours, which may quote the other side, or one of the words
// that the protocol defines.
func (c *cleaner) ours(text *string) {
	// The longest first: one may stand in another.
	slices.SortStableFunc(c.removed, func(a, b removal) int { return len(b.text) - len(a.text) })
	for _, r := range c.removed {
		*text = strings.ReplaceAll(*text, r.text, r.by)
	}
	for _, v := range c.veiled {
		if len(v.text) >= secret.Shortest || strings.Contains(v.text, "@") {
			*text = strings.ReplaceAll(*text, v.text, v.by)
		}
	}
	if !c.wordy {
		*text = c.password.Strike(*text, urlspec.Mask)
	}
	*text = c.secrets.Strike(*text, urlspec.Mask)
}

// names is a list of names that the other side chose, places one of places.
func (c *cleaner) names(names *[]string)   { c.each(names, c.name) }
func (c *cleaner) places(places *[]string) { c.each(places, c.place) }

// name is a name among others, such as that of a mechanism. What we would choose
// ourselves is none that a cut has made.
func (c *cleaner) name(name *string) {
	if !slices.Contains(event.Mechanisms(), *name) || c.isIn(*name) {
		c.theirs(name)
	}
}

func (c *cleaner) each(texts *[]string, clean func(*string)) {
	if slices.ContainsFunc(*texts, c.isPartlyIn) {
		*texts = slices.Clone(*texts)
		for i := range *texts {
			clean(&(*texts)[i])
		}
	}
}

// event is e without the secrets. What it points to is not changed but copied.
func (s passwordFilter) event(e event.Event) event.Event {
	if s.empty() {
		return e
	}
	c := cleaner{passwordFilter: s}
	e.Data = c.data(e.Data)
	e.Failure = c.failure(e.Failure)
	if _, ofMessage := e.Data.(event.Delivery); !ofMessage { // whose item is an id of ours
		c.place(&e.Item)
	}
	c.ours(&e.Text)
	return e
}

// failure is a copy of f without the secrets.
func (s passwordFilter) failure(f *event.Failure) *event.Failure {
	c := cleaner{passwordFilter: s}
	return c.failure(f)
}

func (c *cleaner) failure(f *event.Failure) *event.Failure {
	if f == nil || c.empty() {
		return f
	}
	clean := *f
	c.theirs(&clean.Text)
	c.address(&clean.Host)
	c.address(&clean.By)
	c.address(&clean.Moved)
	c.theirs(&clean.Quoted)
	for _, text := range []*string{&clean.Condition, &clean.Type, &clean.Detail} {
		c.ours(text)
	}
	if f.Lacking != nil {
		lacking := *f.Lacking
		c.ours(&lacking.Name)
		clean.Lacking = &lacking
	}
	return &clean
}

// cell is a copy of a cell without the secrets.
func (s passwordFilter) cell(cell event.Cell) event.Cell {
	if s.empty() {
		return cell
	}
	c := cleaner{passwordFilter: s}
	c.places(&cell.Hosts)
	c.place(&cell.Address)
	c.port(&cell.Port)
	c.names(&cell.Mechanisms)
	c.names(&cell.SASL2)
	c.names(&cell.Bindings)
	c.name(&cell.ALPN)
	cell.Certificate, cell.Failure = c.failure(cell.Certificate), c.failure(cell.Failure)
	cell.Plus, cell.NoPlus = c.prediction(cell.Plus), c.prediction(cell.NoPlus)
	cell.TLS = c.tls(cell.TLS)
	cell.Logins = slices.Clone(cell.Logins)
	for i := range cell.Logins {
		login := &cell.Logins[i]
		login.Failure = c.failure(login.Failure)
		if login.SASL != nil {
			sasl := c.sasl(*login.SASL)
			login.SASL = &sasl
		}
	}
	return cell
}

func (c *cleaner) prediction(p *event.Prediction) *event.Prediction {
	if p == nil {
		return nil
	}
	clean := *p
	clean.Failure = c.failure(p.Failure)
	return &clean
}

// data is a copy of the facts without the secrets.
func (c *cleaner) data(d event.Data) event.Data {
	switch d := d.(type) {
	case event.DNS:
		c.place(&d.Host)
		c.places(&d.Addresses)
		d.SRV = slices.Clone(d.SRV)
		for i := range d.SRV {
			c.place(&d.SRV[i].Target)
		}
		return d
	case event.TCP:
		for _, text := range []*string{&d.Host, &d.Address, &d.Local, &d.Proxy} {
			c.place(text)
		}
		c.port(&d.Port)
		return d
	case event.TLS:
		return c.tls(d)
	case event.Stream:
		c.address(&d.From)
		c.address(&d.To)
		c.theirs(&d.ID)
		return d
	case event.Features:
		c.names(&d.Mechanisms)
		c.names(&d.SASL2)
		c.names(&d.Bindings)
		return d
	case event.SASL:
		return c.sasl(d)
	case event.Bind:
		c.address(&d.JID)
		return d
	case event.Room:
		c.place(&d.JID)
		c.address(&d.Nick)
		c.name(&d.Role)
		c.each(&d.Services, c.address)
		d.Error = c.failure(d.Error)
		return d
	case event.Delivery:
		c.place(&d.To)
		d.Error = c.failure(d.Error)
		return d
	}
	return d
}

// tls leaves out, of a certificate that names a secret, the certificate itself.
func (c *cleaner) tls(d event.TLS) event.TLS {
	for _, text := range []*string{&d.Reference, &d.Subject, &d.Issuer} {
		c.place(text)
	}
	c.places(&d.Names)
	c.name(&d.ALPN)
	d.Chain = slices.Clone(d.Chain)
	for i := range d.Chain {
		cert := &d.Chain[i]
		c.place(&cert.Subject)
		c.place(&cert.Issuer)
		c.places(&cert.Names)
		if c.secrets.In(string(cert.DER)) {
			cert.DER = nil
		}
	}
	c.ours(&d.Problem)
	c.ours(&d.Untrusted)
	c.ours(&d.NotMozilla)
	return d
}

func (c *cleaner) sasl(d event.SASL) event.SASL {
	c.names(&d.Offered)
	c.names(&d.Bindings)
	d.Passed = slices.Clone(d.Passed)
	for i := range d.Passed {
		c.name(&d.Passed[i].Mechanism)
		c.ours(&d.Passed[i].Why)
	}
	d.Failure = c.failure(d.Failure)
	return d
}
