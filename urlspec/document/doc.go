// Package document finds the XMPP URLs in files of every kind, says what is
// wrong with them and where, and mends them there.
//
// Begin with [Read]. It reads a file as what its name and its content say: YAML,
// JSON, TOML, a shell script, a crontab, a program, and so on, or as lines of
// text. [Document.Problems] then are those of [urlspec.Parse], with the line and
// column in the file, and those that only a file can have ([Codes]).
// [Document.Fix] gives the file with every safe fix made. [Document.Services]
// are what Apprise loads from a configuration of its own.
//
//	d, err := document.Read("compose.yml", data)
//	for _, p := range d.Problems(false) {
//		fmt.Println(p.Line, p.Column, p.Code) // 6 38 password-at
//	}
//	fixed := d.Fix() // fixed.Data is nil when there is nothing to write
//
// # How it reads
//
// A reader per format takes a file apart into values (leaves). Each is decoded
// into a view: a text in which every byte knows where it stands in the text
// below, and how another text would be written there. A value may hold another
// format, which is a view on that view: the JSON in a string of JSON, the words
// of a shell command in a list of YAML, the base64 of a Secret. URLs are looked
// for in the last view, so that quotes and escapes are none of their business.
//
// What another program will fill in is a hole in the view. Such a URL is read
// several times, with different values in its holes, and only what holds for
// all of them is said or changed.
//
// A fix is written down through the views into the file. Then the new file is
// read again, and must have the same structure and the same values, but for
// that URL. There is no other way in which a file changes.
//
// # What it does not do
//
// It opens no file and follows no include; ui/plain does the reading and the
// writing. It is no validator of YAML or JSON: a file that is broken as what
// its name says is looked at as text, unless it is Apprise's own, which then
// loads nothing. It takes time linear in the size of a file.
package document
