package document

import (
	"path"
	"slices"
	"strings"
)

// Format is what a file is read as.
type Format string

// The formats.
const (
	YAML        Format = "YAML"
	JSON        Format = "JSON"
	TOML        Format = "TOML"
	Env         Format = "environment file"
	INI         Format = "INI"
	Unit        Format = "systemd unit"
	Properties  Format = "properties"
	Shell       Format = "shell script"
	Crontab     Format = "crontab"
	Source      Format = "source"
	Dockerfile  Format = "Dockerfile"
	Makefile    Format = "Makefile"
	Markdown    Format = "Markdown"
	HTML        Format = "HTML"
	Diff        Format = "diff"
	AppriseText Format = "Apprise TEXT"
	Text        Format = "text"
	Base64      Format = "base64"
)

// endings give the format by the end of a file's name.
var endings = map[string]Format{
	"yml": YAML, "yaml": YAML,
	"json": JSON, "jsonl": JSON, "ndjson": JSON, "webmanifest": JSON, "geojson": JSON, "ipynb": JSON,
	"toml": TOML,
	"env":  Env, "envrc": Shell,
	"ini": INI, "cfg": INI, "conf": INI, "cnf": INI,
	"service": Unit, "timer": Unit, "socket": Unit, "target": Unit, "mount": Unit, "path": Unit, "container": Unit,
	"properties": Properties,
	"sh":         Shell, "bash": Shell, "zsh": Shell, "ksh": Shell, "dash": Shell, "profile": Shell, "bashrc": Shell,
	"zshrc": Shell, "bash_profile": Shell, "bats": Shell,
	"cron": Crontab, "crontab": Crontab,
	"dockerfile": Dockerfile, "containerfile": Dockerfile, "mk": Makefile, "makefile": Makefile,
	"gnumakefile": Makefile,
	"diff":        Diff, "patch": Diff,
	"md": Markdown, "markdown": Markdown, "mdx": Markdown,
	"html": HTML, "htm": HTML, "xhtml": HTML, "xml": HTML, "svg": HTML, "plist": HTML, "rss": HTML, "xsl": HTML,
}

// environmentFolder is where Debian, Red Hat and Gentoo keep the variables of
// services.
var environmentFolder = pattern(`(?:^|/)etc/(?:default|sysconfig|conf\.d)/[^./]+$`)

// ending is the last part of a file's name, in lower case: "yml" of a.yml,
// "env" of .env, "makefile" of Makefile.
func ending(name string) string {
	base := baseName(name)
	return base[strings.LastIndexByte(base, '.')+1:]
}

// isExample says whether a file's name says that it is an example, as
// .env.example does.
func isExample(name string) bool {
	parts := strings.Split(baseName(name), ".")
	return slices.ContainsFunc(parts[1:], func(part string) bool {
		return part == "example" || part == "sample" || part == "dist"
	})
}

// baseName is a file's name without its folder, in lower case.
func baseName(name string) string {
	return strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
}

// read reads the file as what it is.
func (d *Document) read() {
	d.format = d.guess()
	switch d.format {
	case YAML:
		if !d.readYAML() {
			d.otherText()
			d.brokenYAML()
		}
	case JSON:
		if !d.readJSON() {
			d.otherSource(&cLanguage) // JSON with comments, or broken
		}
	case TOML:
		if !d.readTOML() {
			d.otherText()
		}
	case Shell:
		if !d.readShell() {
			d.otherText()
		}
	case Env:
		d.readSettings(envDialect)
	case INI:
		d.readSettings(iniDialect)
	case Properties:
		d.readSettings(propDialect)
	case Unit:
		d.readSettings(unitDialect)
	case Crontab:
		d.readCrontab(d.cronUser())
	case Markdown, HTML:
		d.readMarkup(d.format == Markdown)
	case Source:
		d.readSource(d.language())
	case Dockerfile:
		d.readDockerfile()
	case Makefile:
		d.readMakefile()
	case Diff:
		d.readDiff()
	case AppriseText:
		d.readAppriseText()
	default:
		d.otherText()
	}
	if d.config != nil {
		d.config.unreadable(d)
	}
	d.find()
}

// guess is what the file is, by its name and else by its content.
func (d *Document) guess() Format {
	s := d.root.text
	end := ending(d.name)
	base := baseName(d.name)
	format := endings[end]
	switch {
	case languages[end] != nil:
		return Source
	case base == ".env" || strings.HasPrefix(base, ".env.") || strings.HasPrefix(base, "env."):
		return Env
	case strings.Contains(base, "crontab") || strings.Contains(d.name, "cron.d/"):
		return Crontab
	case strings.Contains(d.name, ".service.d/") || strings.Contains(d.name, ".timer.d/"):
		return Unit
	case environmentFolder().MatchString(strings.ReplaceAll(d.name, `\`, "/")):
		return Env
	case strings.HasPrefix(base, "dockerfile."):
		return Dockerfile
	case strings.HasPrefix(base, "makefile."):
		return Makefile
	case format != "" && format != INI:
		return format
	}
	switch first, _, _ := strings.Cut(s, "\n"); {
	case strings.HasPrefix(first, "#!") && strings.Contains(first, "python"):
		return Source
	case strings.HasPrefix(first, "#!") && strings.Contains(first, "sh"):
		return Shell
	case end != "ini" && end != "cfg" && end != "cnf" && looksLikeAppriseText(d.name, s):
		return AppriseText
	case looksLikeJSON(s):
		return JSON
	case hasLine(s, "urls:"), format != INI && hasLine(s, "---"):
		return YAML
	case format == INI:
		return INI
	case looksLikeCrontab(s):
		return Crontab
	case looksLikeEnv(s):
		return Env
	}
	return Text
}

// language is the language of a program.
func (d *Document) language() *language {
	if lang := languages[ending(d.name)]; lang != nil {
		return lang
	}
	if strings.HasPrefix(d.root.text, "#!") {
		return &pyLang
	}
	return &hashLang
}

// cronUser says whether the lines of a crontab name a user.
func (d *Document) cronUser() bool {
	return strings.Contains(d.name, "cron.d/") || strings.HasSuffix(d.name, "etc/crontab")
}

// hasLine says whether a line begins with a word.
func hasLine(s, word string) bool {
	return strings.HasPrefix(s, word) || strings.Contains(s, "\n"+word)
}

// looksLikeCrontab says whether most lines with XMPP have the fields of a time.
func looksLikeCrontab(s string) bool {
	found := false
	eachLine(s, func(from, to int) {
		if line := s[from:to]; hasXMPP(line) && line != "" {
			fields := strings.Fields(line)
			if len(fields) > 6 {
				found = found || strings.Trim(strings.Join(fields[:5], ""), "0123456789*,/-") == "" ||
					strings.HasPrefix(line, "@") && strings.Trim(fields[0][1:], "abcdefghijklmnopqrstuvwxyz") == ""
			}
		}
	})
	return found
}

// looksLikeEnv says whether the text is of NAME=value lines only.
func looksLikeEnv(s string) bool {
	all, any := true, false
	eachLine(s, func(from, to int) {
		line := strings.TrimPrefix(strings.TrimSpace(s[from:to]), "export ")
		if line == "" || line[0] == '#' {
			return
		}
		n := nameLength(line)
		isSetting := n > 0 && strings.HasPrefix(line[n:], "=") && line[:n] == strings.ToUpper(line[:n])
		all, any = all && isSetting, true
	})
	return all && any
}

// otherText reads what has no structure of its own, or none that can be read:
// lines, with "#" at the beginning of a comment.
func (d *Document) otherText() {
	d.format = Text
	d.tokens, d.leaves = nil, nil
	eachLine(d.root.text, func(from, to int) {
		end := to
		switch at := commentStart(d.root.text[from:to]); at {
		case 0:
			d.comment(from, to)
			return
		case -1:
		default:
			end = from + at
		}
		d.add("line", d.root.text[from:end], leaf{role: prose}, func() *view { return d.bare(from, end) })
		if end < to {
			d.comment(end, to)
		}
	})
}

// readDiff reads the lines that a diff adds. The others are to be found as they
// are in the file that it is for.
func (d *Document) readDiff() {
	eachLine(d.root.text, func(from, to int) {
		if line := d.root.text[from:to]; strings.HasPrefix(line, "+") && !strings.HasPrefix(line, "+++") {
			d.add("added", line, leaf{role: prose}, func() *view { return d.bare(from, to) })
		} else {
			d.comment(from, to)
		}
	})
}

// otherSource reads what is like a program.
func (d *Document) otherSource(lang *language) {
	d.format = Source
	d.tokens, d.leaves = nil, nil
	d.readSource(lang)
}
