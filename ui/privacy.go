package ui

import (
	"net/netip"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/lipgloss/v2"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// coverNames covers names and addresses on the drawn screen, for a screenshot:
// the JIDs, hosts, nick and IP addresses of the URL and of the run. It looks at
// the drawn rows, so that it also finds what a sentence of the server says. The
// URL itself, which may break anywhere, is covered when it is drawn.
func (s *screen) coverNames(canvas *lipgloss.Canvas) {
	secrets := s.names()
	for y := range s.h {
		var row strings.Builder
		var at []int // the column of every byte of the row
		for x := range s.w {
			if c := canvas.CellAt(x, y); c != nil {
				for range len(c.Content) {
					at = append(at, x)
				}
				row.WriteString(c.Content)
			}
		}
		for _, r := range covered(row.String(), secrets) {
			end := at[r[1]-1] + 1
			if c := canvas.CellAt(end-1, y); c != nil {
				end += max(0, c.Width-1) // a wide one is covered whole
			}
			for x := at[r[0]]; x < end; x++ {
				if c := canvas.CellAt(x, y); c != nil {
					c = c.Clone()
					c.Content, c.Width = "x", 1
					canvas.SetCell(x, y, c)
				}
			}
		}
	}
}

// covered gives the stretches of a row, in bytes, that hold a secret, the start
// of one that was cut off, or an IP address.
func covered(row string, secrets []string) [][2]int {
	var out [][2]int
	for _, secret := range secrets {
		for from := 0; ; {
			i := strings.Index(row[from:], secret)
			if i < 0 {
				break
			}
			if at := from + i; wordBorder(row, at, at+len(secret)) {
				out = append(out, [2]int{at, at + len(secret)})
			}
			from += i + len(secret)
		}
	}
	for from := 0; ; {
		i := strings.Index(row[from:], "…")
		if i < 0 {
			break
		}
		end := from + i
		for _, secret := range secrets {
			for n := len(secret) - 1; n >= leastCut; n-- {
				if strings.HasSuffix(row[:end], secret[:n]) && wordBorder(row, end-n, end) {
					out = append(out, [2]int{end - n, end})
					break
				}
			}
		}
		from = end + len("…")
	}
	for i := 0; i < len(row); {
		n := len(row[i:]) - len(strings.TrimLeft(row[i:], "0123456789abcdefABCDEF.:"))
		word := strings.TrimRight(row[i:i+n], ".:")
		if _, err := netip.ParseAddr(word); err == nil {
			out = append(out, [2]int{i, i + len(word)})
		} else if a, err := netip.ParseAddrPort(word); err == nil {
			out = append(out, [2]int{i, i + len(a.Addr().String())})
		}
		i += n + 1
	}
	return out
}

// leastCut is how much of a name has to be left of it, where it was cut off, to be
// taken for it: a letter or two are any word.
const leastCut = 3

// wordBorder says whether a stretch of a row is a word by itself, and not a piece of
// another one: the name al is not in also.
func wordBorder(row string, start, end int) bool {
	word := func(s string, last bool) bool {
		r, _ := utf8.DecodeRuneInString(s)
		if last {
			r, _ = utf8.DecodeLastRuneInString(s)
		}
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	inside := row[start:end]
	return !(word(inside, false) && word(row[:start], true)) && !(word(inside, true) && word(row[end:], false))
}

// coverText covers the names and addresses in a text of several lines.
func coverText(text string, secrets []string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		cover := []byte(line)
		for _, r := range covered(line, secrets) {
			for at := r[0]; at < r[1]; at++ {
				cover[at] = 'x'
			}
		}
		lines[i] = string(cover)
	}
	return strings.Join(lines, "\n")
}

// coverCells covers the parts of the URL that are names.
func coverCells(cells []urlview.Cell) {
	for i, c := range cells {
		switch c.Kind {
		case urlspec.User, urlspec.Host, urlspec.Target, urlspec.ParamValue, urlspec.Lost, urlspec.Other:
			cells[i].Text = strings.Repeat("x", c.Width)
		}
	}
}

// betweenTargets says what stands between two of the targets in to=.
func betweenTargets(r rune) bool { return r == ',' || unicode.IsSpace(r) }

// names are the texts that say who and where, longest first.
func (s *screen) names() []string {
	set := map[string]bool{}
	add := func(text string) {
		text = clean(strings.TrimPrefix(text, "#"))
		if len(text) > 1 && !strings.Contains(text, urlspec.Unknown) {
			set[text] = true
		}
	}
	jid := func(text string) {
		local, rest, _ := strings.Cut(text, "@")
		domain, resource, _ := strings.Cut(rest, "/")
		add(local)
		add(domain)
		add(resource)
	}
	of := func(spec urlspec.Spec) {
		r := spec.Reading
		jid(r.LoginJID)
		add(r.User)
		add(r.Host)
		add(r.TCPHost)
		add(r.Nick)
		for _, t := range r.Targets {
			jid(t.JID)
		}
		for _, span := range spec.Spans { // as they stand there, whatever they are read as
			switch span.Kind {
			case urlspec.User, urlspec.Host, urlspec.Target:
				jid(spec.Text[span.Start:span.End])
			}
		}
		for _, p := range spec.Params {
			switch p.Name {
			case "name", "xmpp", "to":
				for _, value := range append(strings.FieldsFunc(p.Value, betweenTargets), p.Value) {
					jid(value)
				}
			}
		}
	}
	of(s.url.spec)
	if s.url.ghost.Split {
		of(s.url.ghost.Meant.Spec)
	}
	for i := range s.runs.Len() {
		if len(s.dialogs) > 0 { // some show other runs, too
			of(s.runs.At(i).Spec)
		}
	}
	if run := s.run(); run != nil {
		of(run.Spec)
		if run.DNS != nil {
			for _, a := range run.DNS.Addresses {
				add(a)
			}
		}
		for _, d := range run.Deliveries {
			add(d.ID)
		}
		if run.TCP != nil {
			for _, endpoint := range []string{run.TCP.Address, run.TCP.Local} {
				if a, err := netip.ParseAddrPort(endpoint); err == nil {
					add(a.Addr().String())
				}
			}
		}
		if run.TLS != nil {
			for _, name := range run.TLS.Names {
				add(name)
			}
		}
	}
	all := make([]string, 0, len(set))
	for name := range set {
		all = append(all, name)
	}
	sort.Slice(all, func(i, j int) bool { return len(all[i]) > len(all[j]) })
	return all
}
