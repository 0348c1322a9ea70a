package document

import "xmppscope/urlspec"

// Codes are the problems that only a file can have, as [urlspec.Codes] are
// those of a URL.
func Codes() []urlspec.CodeInfo {
	return []urlspec.CodeInfo{
		{Code: "shell-unquoted", Severity: urlspec.Error, Fix: urlspec.FixSafe,
			Help: "the shell ends the URL here, for it stands without quotation marks",
			Explanation: "To a shell, “&”, “;”, “|” and blanks end a word, and “#” after a blank begins a " +
				"comment. What follows is another command, or nothing at all, and Apprise gets the first part of the " +
				"URL only. Put the URL in single quotation marks.",
			Wrong: "apprise -b hi xmpps://alice:secret@example.com/bob?mode=tls&verify=no",
			Right: "apprise -b hi 'xmpps://alice:secret@example.com/bob?mode=tls&verify=no'"},
		{Code: "crontab-percent", Severity: urlspec.Error, Fix: urlspec.FixSafe,
			Help: "this “%” ends the command, for it is a line end to cron",
			Explanation: "In a crontab a “%” is a line end: the command stops there, and what follows is its standard " +
				"input. Write \\%, also inside quotation marks.",
			Wrong: "0 7 * * * apprise -b hi 'xmpps://alice:p%40ss@example.com/bob'",
			Right: `0 7 * * * apprise -b hi 'xmpps://alice:p\%40ss@example.com/bob'`},
		{Code: "unit-percent", Severity: urlspec.Error, Fix: urlspec.FixSafe,
			Help: "this “%” begins a specifier of systemd, not an escape of the URL",
			Explanation: "In a unit file “%” begins a specifier such as %h, so that an escape of a URL is read as " +
				"one, or refused. Write %%.",
			Wrong: "ExecStart=/usr/bin/apprise -b hi xmpps://alice:p%40ss@example.com/bob",
			Right: "ExecStart=/usr/bin/apprise -b hi xmpps://alice:p%%40ss@example.com/bob"},
		{Code: "not-apprise", Severity: urlspec.Info,
			Help: "this URL has no user, so it is probably the address of a server for another program",
			Explanation: "An Apprise URL names who logs in: xmpps://user:password@host. Other programs write the " +
				"address of a server as xmpps://host:5223. Where the setting's name does not say that it is " +
				"for Apprise, nothing more is said of such a URL.",
			Wrong: "server: xmpps://example.com:5223",
			Right: "apprise_url: xmpps://alice:secret@example.com"},
		{Code: "fix-not-written", Severity: urlspec.Warning,
			Help: "this URL has a safe fix, which was not made, for it cannot be written at this place without " +
				"harm",
			Explanation: "lint --fix writes a fix in the quotes and escapes of its place, reads the new file again, " +
				"and keeps the change only when nothing else has changed. Where that fails, or where it " +
				"depends on another program how a “%” is to be written, the file stays as it is. Make the " +
				"change by hand.",
			Wrong: "url = xmpps://alice:p@ss@example.com",
			Right: "url = xmpps://alice:p%40ss@example.com"},
		{Code: "apprise-yaml-invalid", Severity: urlspec.Error,
			Help: "Apprise loads nothing from this file, for it is no valid YAML",
			Explanation: "One mistake of indentation or a missing colon is enough. A setting below a URL needs a “:” " +
				"at the end of the URL's line, and the URL stays one line.",
			Wrong: "urls:\n  - xmpps://alice:secret@example.com\n      tag: ops",
			Right: "urls:\n  - xmpps://alice:secret@example.com:\n      tag: ops"},
		{Code: "apprise-yaml-documents", Severity: urlspec.Error,
			Help: "Apprise loads nothing from this file, for a second YAML document begins here",
			Explanation: "“---” between two parts of a file begins another document, and Apprise refuses files with " +
				"more than one. Put all URLs below one urls:.",
			Wrong: "urls:\n  - xmpps://alice:secret@example.com\n---\nurls:\n  - xmpps://bob:secret@example.com",
			Right: "urls:\n  - xmpps://alice:secret@example.com\n  - xmpps://bob:secret@example.com"},
		{Code: "apprise-urls-twice", Severity: urlspec.Error,
			Help:        "Apprise loads nothing from this, for urls: is there again further down",
			Explanation: "Of a key that is there several times YAML keeps the last one. Put all URLs below one urls:.",
			Wrong:       "urls:\n  - xmpps://alice:secret@example.com\nurls:\n  - xmpps://bob:secret@example.com",
			Right:       "urls:\n  - xmpps://alice:secret@example.com\n  - xmpps://bob:secret@example.com"},
		{Code: "apprise-setting-unknown", Severity: urlspec.Warning,
			Help: "Apprise passes over this, for it is no setting that it knows",
			Explanation: "Below a URL there are settings with a name and a value, such as tag: and the parameters of " +
				"the URL. Anything else has no effect.",
			Wrong: "urls:\n  - xmpps://alice:secret@example.com:\n      nmae: x",
			Right: "urls:\n  - xmpps://alice:secret@example.com:\n      name: x"},
		{Code: "apprise-yaml-version", Severity: urlspec.Error,
			Help:        "Apprise loads nothing from this file, for it knows version 1 only",
			Explanation: "version: may be left out. When it is there, it must be the number 1.",
			Wrong:       "version: 2",
			Right:       "version: 1"},
		{Code: "apprise-urls-no-list", Severity: urlspec.Error,
			Help: "Apprise loads nothing from this, for urls: must be a list",
			Explanation: "Every URL below urls: begins with “- ”. Without it, and with a URL right behind urls:, " +
				"Apprise passes over all of it without a word.",
			Wrong: "urls:\n  xmpps://alice:secret@example.com",
			Right: "urls:\n  - xmpps://alice:secret@example.com"},
		{Code: "apprise-entry-no-url", Severity: urlspec.Error,
			Help: "Apprise loads nothing from this entry, for the URL itself must be its key",
			Explanation: "An entry is either a URL, or a URL with a “:” behind it and settings below it. There is no " +
				"key such as url: for it.",
			Wrong: "urls:\n  - url: xmpps://alice:secret@example.com",
			Right: "urls:\n  - xmpps://alice:secret@example.com"},
		{Code: "apprise-tag-misplaced", Severity: urlspec.Error,
			Help: "Apprise gives this tag to nothing, for it is an entry of its own",
			Explanation: "A tag belongs below its URL, which then ends with “:”. After “- ” a new entry begins, and " +
				"one without a URL is passed over.",
			Wrong: "urls:\n  - xmpps://alice:secret@example.com\n  - tag: ops",
			Right: "urls:\n  - xmpps://alice:secret@example.com:\n      tag: ops"},
		{Code: "apprise-tag-retry", Severity: urlspec.Error,
			Help: "Apprise does not load this URL, for its tag has a number of retries",
			Explanation: "ops:3 is for the call that notifies. In a configuration the retries belong into the URL, as " +
				"retry=3.",
			Wrong: "ops:3=xmpps://alice:secret@example.com",
			Right: "ops=xmpps://alice:secret@example.com?retry=3"},
		{Code: "apprise-text-invalid", Severity: urlspec.Error,
			Help: "Apprise loads nothing from this file, for it does not know this line",
			Explanation: "A line of Apprise's TEXT configuration is empty, a comment, URL, tag=URL, group=tag, or " +
				"include and a place. One other line, and the whole file is passed over.",
			Wrong: "notify ops: xmpps://alice:secret@example.com",
			Right: "ops=xmpps://alice:secret@example.com"},
		{Code: "apprise-encoding", Severity: urlspec.Error,
			Help: "Apprise loads nothing from this file, for it reads UTF-8 only",
			Explanation: "Files in UTF-16 or Latin-1 are refused as a whole, and so is a TEXT configuration with a " +
				"byte order mark, which some editors write at the beginning. Save the file as UTF-8 without " +
				"one.",
			Wrong: "apprise.txt in UTF-16",
			Right: "apprise.txt in UTF-8"},
		{Code: "apprise-too-large", Severity: urlspec.Error,
			Help:        "Apprise loads nothing from this file, for it is larger than 128 KiB",
			Explanation: "Apprise refuses larger files before it reads them. Take it apart and use include.",
			Wrong:       "a file of 200 KiB",
			Right:       "two files of 100 KiB, one of which includes the other"},
		{Code: "apprise-yaml-name", Severity: urlspec.Error,
			Help: "Apprise loads nothing from this file, for it reads YAML only from files named .yml or .yaml",
			Explanation: "Apprise goes by the end of the name. Any other file is read as TEXT, and a line of YAML is " +
				"none of TEXT, so that the whole file is passed over.",
			Wrong: "apprise.conf with urls: in it",
			Right: "apprise.yml with urls: in it"},
	}
}

// Explain looks a code up, those of a URL included.
func Explain(code string) (urlspec.CodeInfo, bool) {
	for _, info := range Codes() {
		if info.Code == code {
			return info, true
		}
	}
	return urlspec.Explain(code)
}
