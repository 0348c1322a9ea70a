package document

import (
	"strings"

	"xmppscope/urlspec"
)

// List gives the URLs that a file is there to hold, as a program reads them
// that gets the file: without quotes and escapes, comments left out. Of a file
// of lines that is every line with something on it, for what is no URL is to be
// said, not passed over. The URLs may hold passwords.
func List(name string, data []byte) ([]string, error) {
	d, err := Read(name, data)
	if err != nil {
		return nil, err
	}
	var out []string
	if d.format != Text && d.format != AppriseText {
		for _, u := range d.urls {
			if !u.isComment() {
				out = append(out, u.text())
			}
		}
		return out, nil
	}
	next := 0 // of the URLs, which are in the order of the lines
	eachLine(d.root.text, func(from, to int) {
		line := strings.TrimSpace(d.root.text[from:to])
		found, isComment := false, strings.HasPrefix(line, "#")
		for ; next < len(d.urls) && d.urls[next].view.place(d.urls[next].start) < to; next++ {
			isComment = isComment || d.urls[next].isComment()
			if !isComment {
				out = append(out, d.urls[next].text())
				found = true
			}
		}
		if line != "" && !found && !isComment {
			out = append(out, line)
		}
	})
	return out, nil
}

// Extract takes the URL out of what was pasted: a URL as it is, or out of a
// line of any file. left is what it left out, with passwords hidden, or "" when
// there was nothing but white space and quotation marks. Without a URL in it
// the text itself comes back and found is false.
func Extract(text string) (url, left string, found bool) {
	url, left, found = urlspec.Extract(text)
	if found && left == "" {
		return url, left, true // it is the URL, with any quotes of its own
	}
	d, err := Read("", []byte(text))
	if err != nil || d.format == Text || d.format == AppriseText || len(d.urls) == 0 {
		return url, left, found
	}
	u := d.urls[0]
	before := strings.Trim(redactedPart(text, 0, u.view.place(u.start)), "\"'`< \t\r\n")
	after := strings.Trim(redactedPart(text, u.view.placeEnd(u.end), len(text)), "\"'`> \t\r\n")
	switch {
	case before == "" || after == "":
		left = before + after
	default:
		left = before + " … " + after
	}
	return u.text(), left, true
}

// redactedPart is a stretch of a text with the passwords of the whole masked.
func redactedPart(text string, from, to int) string {
	var b strings.Builder
	for _, s := range urlspec.Parse(text).Spans {
		start, end := max(s.Start, from), min(s.End, to)
		switch {
		case start >= end:
		case s.Kind == urlspec.Password:
			b.WriteString(urlspec.Mask)
		default:
			b.WriteString(text[start:end])
		}
	}
	return b.String()
}
