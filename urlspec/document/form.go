package document

import (
	"strings"
)

var (
	// queryValue is what stands before the value of a parameter of a web
	// address or of form data, from its second on.
	queryValue = pattern(`(?:[?&]|&amp;)[\w.\[\]-]+=$`)
	// formValue is what stands before the first one of form data.
	formValue = pattern(`(?:^|[\s"'` + "`" + `=])(?:-d|--post-data=|--data[\w-]*=)?["']?[\w.\[\]-]+=$`)
	// stringValue is the same in a string of a program.
	stringValue = pattern("[\"'`][a-z][\\w.\\[\\]-]*=$")
	// encodedLater is an option by which curl takes a value as it is.
	encodedLater = pattern(`(?:--data-urlencode|-F|--form|--form-string)[\s=]*["']?[\w.\[\]-]+=$`)
	// formName is a name as forms have them, and secondField is what follows the
	// first value of a form; a URL's own parameters stand behind a "?".
	formName    = pattern(`(?:^|[^\w$])[a-z][a-z0-9_.\[\]-]*=$`)
	secondField = pattern(`^[^?]*&[a-z]\w*=`)
	// webClient sends form data.
	webClient = pattern(`\b(?:curl|wget)\b`)
)

// isForm says whether a URL is part of a web address or of form data, whose
// reader decodes it once more: "%" would have to be written as %25, and "&"
// ends it.
func (d *Document) isForm(u *url) bool {
	before := d.root.text[:u.view.place(u.start)]
	before = before[max(0, len(before)-maxHole):]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	if u.leaf.role == word {
		line = strings.TrimRight(line, `'"`) // as in -d urls='…'
	}
	switch {
	case queryValue().MatchString(line):
		return true
	case !strings.HasSuffix(line, "=") || encodedLater().MatchString(line):
		return false
	case u.leaf.command == nil && formName().MatchString(line) &&
		(u.leaf.under(isBody) || secondField().MatchString(u.text())):
		return true
	case d.format == Source && u.leaf.role == value && stringValue().MatchString(line):
		return true
	case !formValue().MatchString(line):
		return false
	case u.leaf.command == nil:
		return webClient().MatchString(line)
	}
	return u.leaf.index > 0 && webClient().MatchString(strings.Join(u.leaf.args[:min(u.leaf.index, maxWords)], " "))
}

// isBody says whether settings of a name are what is sent to a web server.
func isBody(name string) bool {
	name = strings.ToLower(name)
	return name == "body" || name == "payload" || name == "postdata" || name == "post_data" || name == "form"
}
