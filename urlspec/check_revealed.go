package urlspec

import "slices"

// checkRevealed looks behind the delimiters that belong to the user or the
// password. What becomes host and port once they are escaped Apprise does not
// read as such yet, so that an error in it would only show after the fix. It is
// raised at once, and the fix brings nothing new.
func (c *checker) checkRevealed() {
	var edits []Fix
	for _, p := range c.out {
		if p.Fix != nil && reveals(p.Code) {
			if c.full(p.Code) {
				return // not all of them are known
			}
			edits = append(edits, *p.Fix)
		}
	}
	if len(edits) == 0 {
		return
	}
	slices.SortFunc(edits, func(a, b Fix) int { return b.Start - a.Start })
	repaired := c.text
	for _, edit := range edits {
		repaired = edit.Apply(repaired)
	}
	from := edits[0].End // the repaired text is the same from here on
	shift := len(repaired) - len(c.text)

	l := lex(repaired)
	r := resolve(&l)
	behind := &checker{resolved: r, text: repaired, marks: r.secrets(repaired)}
	behind.checkParts()
	for _, p := range behind.out {
		p.Start, p.End = p.Start-shift, p.End-shift
		if p.Severity != Error || p.Start < from || c.raised[p.Code] > 0 || c.hidden(p.Start, p.End) {
			continue
		}
		var fix *Fix
		if f := p.Fix; f != nil && f.Start-shift >= from && !c.hidden(f.Start-shift, f.End-shift) {
			fix = replace(f.Label, f.Start-shift, f.End-shift, f.Text)
		}
		c.add(p.Code, p.Start, p.End, p.Message+" It comes to that once what stands before is escaped.", fix)
	}
}

// reveals says whether the fix of a code lets Apprise see another host or port.
func reveals(code string) bool {
	switch code {
	case "user-at", "password-at", "password-delimiter", "userinfo-bracket":
		return true
	}
	return false
}
