package document

import (
	"regexp"
	"strings"
)

var (
	// queryValue is what stands before the value of a parameter of a web
	// address or of form data, from its second on.
	queryValue = regexp.MustCompile(`(?:[?&]|&amp;)[\w.\[\]-]+=$`)
	// formValue is what stands before the first one of form data.
	formValue = regexp.MustCompile(`(?:^|[\s"'` + "`" + `=])(?:-d|--post-data=|--data[\w-]*=)?["']?[\w.\[\]-]+=$`)
	// stringValue is the same in a string of a program.
	stringValue = regexp.MustCompile("[\"'`][a-z][\\w.\\[\\]-]*=$")
	// encodedLater is an option by which curl takes a value as it is.
	encodedLater = regexp.MustCompile(`(?:--data-urlencode|-F|--form|--form-string)[\s=]*["']?[\w.\[\]-]+=$`)
	// webClient sends form data.
	webClient = regexp.MustCompile(`\b(?:curl|wget)\b`)
)

// isForm says whether a URL is part of a web address or of form data, whose
// reader decodes it once more: "%" would have to be written as %25, and "&"
// ends it.
func (d *Document) isForm(u *url) bool {
	before := d.root.text[:u.view.place(u.start)]
	before = before[max(0, len(before)-maxHole):]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	switch {
	case queryValue.MatchString(line):
		return true
	case !strings.HasSuffix(line, "=") || encodedLater.MatchString(line):
		return false
	case d.format == Source && u.leaf.role == value && stringValue.MatchString(line):
		return true
	case !formValue.MatchString(line):
		return false
	case u.leaf.command == nil:
		return webClient.MatchString(line)
	}
	return u.leaf.index > 0 && webClient.MatchString(strings.Join(u.leaf.args[:u.leaf.index], " "))
}
