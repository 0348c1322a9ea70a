package urlspec

import (
	"fmt"
	"strings"

	"mellium.im/xmpp/jid"
)

// checkTargets covers the path and to=.
func (c *checker) checkTargets() {
	c.checkSplits()
	kept, last := 0, 0
	ordered := true
	var span extent
	for i, e := range c.entries {
		if i == 0 {
			span = extent{e.start, e.end}
		}
		span = extent{min(span.start, e.start), max(span.end, e.end)}
		if c.explains(e.start, e.end) {
			kept++
			continue
		}
		if !e.ok && c.full("target-dropped") {
			continue
		}
		if !e.ok && len(c.entries) == 1 {
			c.add("all-targets-dropped", e.start, e.end, fmt.Sprintf("Apprise drops %s: %s. No target is left, so it "+
				"writes to the sender itself.", c.target(e), droppedBecause(e.text)), nil)
			return
		}
		if !e.ok {
			c.add("target-dropped", e.start, e.end,
				fmt.Sprintf("Apprise drops %s: %s.", c.target(e), droppedBecause(e.text)), nil)
			continue
		}
		kept++
		ordered = ordered && e.start >= last
		last = e.start
		c.checkTarget(e)
	}
	if len(c.entries) > 0 && kept == 0 {
		c.add("all-targets-dropped", span.start, span.end, "No target is left, so Apprise writes to the sender itself.", nil)
	}
	if !ordered {
		c.add("targets-reordered", span.start, span.end,
			"Apprise sends in alphabetical order of the targets as written, not in the order of the URL.", nil)
	}
	c.checkDuplicates()
	c.checkNickWithoutRoom()
}

// explains says whether a stretch has a problem that says it all.
func (c *checker) explains(start, end int) bool {
	for _, x := range c.explained {
		if x.start < end && start < x.end {
			return true
		}
	}
	return false
}

// target names an entry in a message.
func (c *checker) target(e entry) string {
	if c.hidden(e.start, e.end) {
		return hiddenTarget
	}
	return show(e.text)
}

// droppedBecause says which part of the JID rule a text breaks.
func droppedBecause(s string) string {
	s = strings.TrimPrefix(s, "#")
	bare, resource, slash := strings.Cut(s, "/")
	switch {
	case strings.HasPrefix(s, "@"):
		return "there is nothing before the “@”"
	case bare == "":
		return "there is nothing before the “/”"
	case strings.Count(bare, "@") > 1:
		return "it has more than one “@”"
	case strings.HasSuffix(bare, "@"):
		return "there is nothing after the “@”"
	case slash && resource == "":
		return "there is nothing after the “/”"
	case slash && strings.Contains(resource, "%"):
		return "its resource has a “%”"
	}
	return "it is no JID"
}

// checkTarget covers one target that Apprise takes.
func (c *checker) checkTarget(e entry) {
	raw := c.text[e.start:e.end]
	hidden := c.hidden(e.start, e.end)
	if c.checkMark(e) {
		return
	}
	why := illegalJID(e.jid, c.values.Host)
	plain := e.jid
	if why != "" {
		plain.local, plain.domain = seen(plain.local), seen(plain.domain)
	}
	if plain != e.jid && illegalJID(plain, c.values.Host) == "" && c.unseenIn(extent{e.start, e.end}, Error,
		"No JID has it: the server refuses it, and Apprise still reports success.") {
		return
	}
	if why != "" {
		c.add("target-illegal-jid", e.start, e.end,
			fmt.Sprintf("%s breaks the rules of XMPP (%s): Apprise sends to it, the server answers jid-malformed, and "+
				"Apprise still reports success.", c.target(e), why), c.legalFix(e))
	} else {
		c.checkUnmarked(e)
	}
	if e.jid.room && e.jid.domain == "" && !c.full("room-without-service") {
		var fix *Fix
		if e.alone && e.jid.resource == "" && !strings.ContainsAny(c.values.Host, "[") &&
			strings.Trim(c.values.Host, "0123456789.") != "" {
			fix = replace("write @conference."+c.shownHost(), e.end, e.end, "@conference."+c.values.Host)
			if c.hidden(c.host.start(), c.host.end()) {
				fix = nil
			}
		}
		c.add("room-without-service", e.start, e.end,
			fmt.Sprintf("A room without a domain is joined at the host itself, as %s; "+
				"rooms usually live at a service of their own, such as conference.%s.", c.roomAtHost(e), c.shownHost()), fix)
	}
	if r := e.jid.resource; r != "" && !strings.HasSuffix(e.text, r) {
		c.add("resource-cut", e.start, e.end,
			fmt.Sprintf("Apprise drops everything from the second “/” of %s on.", c.target(e)), nil)
	}
	if e.jid.resource != "" && !e.param && containsSlashEscape(raw) {
		var fix *Fix
		if !hidden {
			text := strings.NewReplacer("%2F", "%252F", "%2f", "%252F").Replace(raw)
			fix = replace("write %252F", e.start, e.end, text)
		}
		c.add("resource-needs-2", e.start, e.end, "Apprise 1.13 and older read %2F in the path as a second target; "+
			"%252F, or to= with a plain slash, gives the resource in every version.", fix)
	}
}

func containsSlashEscape(s string) bool {
	return strings.Contains(s, "%2F") || strings.Contains(s, "%2f")
}

// shownHost is the host for a message or a label.
func (c *checker) shownHost() string {
	if c.hidden(c.host.start(), c.host.end()) || !isHost(c.values.Host) {
		return "HOST"
	}
	return c.values.Host
}

func (c *checker) roomAtHost(e entry) string {
	if c.hidden(e.start, e.end) {
		return "room@" + c.shownHost()
	}
	return show(e.jid.local + "@" + c.shownHost())
}

const splitAtBrackets = "Apprise splits a target at brackets, so an IPv6 address cannot be the domain of one. " +
	"Without a domain a target gets the host's."

// checkSplits finds path segments that Apprise cuts into several targets.
func (c *checker) checkSplits() {
	for _, seg := range c.lexed.targets {
		text := unquote(unquote(seg.s))
		var fields []string
		if countFields(text) < 2 || c.explains(seg.start(), seg.end()) {
			continue
		}
		if strings.Contains(text, "@[") {
			c.explained = append(c.explained, seg.extent())
			c.addPart("target-split", seg, splitAtBrackets, nil)
			continue
		}
		eachField(text, func(from, to int) { fields = append(fields, text[from:to]) })
		if fields[0] == "#" {
			c.explained = append(c.explained, seg.extent())
		}
		var fix *Fix
		if !c.hidden(seg.start(), seg.end()) {
			fix = splitFix(seg, text, fields)
		}
		c.addPart("target-split", seg, fmt.Sprintf("Apprise splits this into %d targets, at blanks, commas, "+
			"semicolons and brackets; no escape prevents it.", len(fields)), fix)
	}
	to := c.written("to")
	if to == nil {
		return
	}
	// In to= a list is what one writes; only a resource that falls apart is a
	// surprise.
	value := c.lexed.rawValue(to)
	if i := strings.Index(value.s, "@["); i >= 0 && !c.hidden(to.ValueStart, to.ValueEnd) {
		end := len(value.s)
		if j := strings.IndexByte(value.s[i:], ']'); j >= 0 {
			end = i + j + 1
		}
		from := strings.LastIndexAny(value.s[:i], ",; ") + 1
		c.explained = append(c.explained, value.slice(from, end).extent())
		c.addPart("target-split", value.slice(from, end), splitAtBrackets, nil)
		return
	}
	eachField(value.s, func(from, to int) {
		text := unquote(unquote(unquote(value.s[from:to])))
		if next := value.s[to:]; strings.HasPrefix(next, " ") && strings.Contains(text, "/") {
			if word, _, _ := strings.Cut(strings.TrimLeft(next, " "), ","); word != "" && !strings.ContainsAny(word, "@ #/") {
				c.addPart("target-split", value.slice(from, to+len(next)-len(strings.TrimLeft(next, " "))+len(word)),
					"Apprise splits this at the blank, so what follows is a target of its own; no escape prevents it, and a "+
						"resource cannot have one.", nil)
				return
			}
		}
		if n := countFields(text); n > 1 && strings.Contains(text, "/") {
			c.addPart("target-split", value.slice(from, to),
				fmt.Sprintf("Apprise splits this into %d targets, at blanks, commas, semicolons and brackets; "+
					"no escape prevents it, so a resource cannot have them.", n), nil)
		}
	})
}

func countFields(s string) int {
	n := 0
	eachField(s, func(int, int) { n++ })
	return n
}

// splitFix writes blanks inside a local part the XMPP way (XEP-0106), and
// other lists as the separate segments that Apprise makes of them.
func splitFix(seg mapped, text string, fields []string) *Fix {
	local, domain, found := strings.Cut(text, "@")
	if fields[0] == "#" && len(fields) == 2 {
		return replace("remove the blank", seg.start(), seg.end(), quoteTarget("#"+fields[1], false))
	}
	if found && strings.Trim(text, "[];,") == text && !strings.ContainsAny(text, "[];,/") &&
		!strings.Contains(domain, "@") && len(strings.Fields(domain)) == 1 && strip(domain) == domain {
		return replace(`write \20 for the blank`, seg.start(), seg.end(),
			quoteTarget(strings.Join(strings.Fields(local), `\20`)+"@"+domain, false))
	}
	quoted := make([]string, len(fields))
	for i, f := range fields {
		quoted[i] = quoteTarget(f, false)
	}
	return replace("write separate targets", seg.start(), seg.end(), strings.Join(quoted, "/"))
}

// checkDuplicates finds entries that are written differently and reach the
// same JID, which then gets every message twice.
func (c *checker) checkDuplicates() {
	if len(c.entries) < 2 {
		return
	}
	seen := make(map[string]entry, len(c.entries))
	for _, e := range c.entries {
		if !e.ok {
			continue
		}
		key := strings.ToLower(e.jid.String(c.values.Host))
		if e.jid.room {
			key = "#" + key
		}
		first, dup := seen[key]
		if !dup {
			seen[key] = e
			continue
		}
		if first.start > e.start {
			first, e = e, first
		}
		var fix *Fix
		if e.alone {
			f := c.removeTarget(c.text, extent{e.start, e.end}, e.param)
			fix = &f
		}
		name := "a JID that another target"
		if !c.hidden(e.start, e.end) {
			name = show(e.jid.String(c.shownHost())) + ", which another target"
		}
		c.add("target-duplicate", e.start, e.end,
			fmt.Sprintf("This reaches %s reaches too: it gets every message twice.", name), fix)
	}
}

// illegalLocal are the characters that no local part may have (RFC 7622,
// section 3.3.1), each with its escape (XEP-0106).
var illegalLocal = [...][2]string{
	{`"`, `\22`}, {"&", `\26`}, {"'", `\27`}, {"/", `\2f`}, {":", `\3a`}, {"<", `\3c`}, {">", `\3e`},
}

// maxJIDPart is the length of each part of a JID in bytes (RFC 7622).
const maxJIDPart = 1023

// illegalJID says which rule of RFC 7622 a JID breaks, or "".
func illegalJID(j jidParts, host string) string {
	for _, bad := range illegalLocal {
		if strings.Contains(j.local, bad[0]) {
			return "a “" + bad[0] + "” before the “@”"
		}
	}
	for _, part := range [...]string{j.local, j.domain, j.resource} {
		if len(part) > maxJIDPart {
			return fmt.Sprintf("a part longer than %d bytes", maxJIDPart)
		}
	}
	if isPlain(j.local) && isPlain(j.domain) && isPlain(j.resource) {
		return ""
	}
	domain := j.domain
	if domain == "" {
		domain = "example.com" // the host has been checked on its own
	}
	if _, err := jid.New(j.local, domain, j.resource); err != nil {
		return "a character that XMPP does not allow"
	}
	return ""
}

// isPlain is true for what is legal in every part of a JID.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; !unreserved(c) || c == '~' {
			return false
		}
	}
	return true
}

// legalFix takes off what stands around a JID and is no part of it, or writes
// the illegal characters of its local part as XEP-0106 has them.
func (c *checker) legalFix(e entry) *Fix {
	if !e.alone || strings.HasPrefix(c.text[e.end:], "//") {
		return nil // the scheme of a second URL is not to be escaped
	}
	for _, scheme := range [...]string{"xmpp:", "xmpps:", "mailto:"} {
		if n := len(scheme); e.end-e.start > n && strings.EqualFold(c.text[e.start:e.start+n], scheme) {
			return replace("remove "+scheme, e.start, e.start+n, "")
		}
	}
	if c.hidden(e.start, e.end) {
		return nil
	}
	if i := portColon(e.jid.domain); i > 0 && strings.Trim(e.jid.domain[i+1:], "0123456789") == "" &&
		strings.HasSuffix(c.text[e.start:e.end], e.jid.domain) {
		return replace("remove the port", e.end-len(e.jid.domain)+i, e.end, "")
	}
	if bare := bareTarget(e.text); bare != e.text && bare != "" {
		return replace("write "+bare, e.start, e.end, quoteTarget(bare, e.param))
	}
	local := e.jid.local
	for _, bad := range illegalLocal {
		local = strings.ReplaceAll(local, bad[0], bad[1])
	}
	if local == e.jid.local {
		return nil
	}
	text := local
	if e.jid.room {
		text = "#" + text
	}
	if e.jid.domain != "" {
		text += "@" + e.jid.domain
	}
	if e.jid.resource != "" {
		text += "/" + e.jid.resource
	}
	return replace("write "+local, e.start, e.end, quoteTarget(text, e.param))
}

// bareTarget is a target without the quotation marks around it.
func bareTarget(s string) string { return strings.Trim(s, "\"'“”‘’`<>") }
