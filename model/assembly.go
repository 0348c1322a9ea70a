package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
)

// Row is one line of the assembly table: a value that Apprise uses, and where
// in the URL it comes from.
type Row struct {
	// Key names the row for comparing tables: "login", "to", "host", "tls",
	// "target:1" and so on. Child rows explain the row above them.
	Key   string
	Label string
	Value string
	// Note is a short second value, such as "user" or "room as pager".
	Note string
	// Meant and MeantNote are what was probably meant, in a table of both readings;
	// see [Ghost].
	Meant, MeantNote string
	// From is the provenance in words: "user + host", "from mode=tls".
	From  string
	Child bool
	// Start and End are the bytes of the URL that decide this row; equal when
	// none do.
	Start, End int
	// Problem is the worst severity of the problems that touch it, or empty.
	Problem urlspec.Severity
}

// Assembly is the table of how a URL is put together. It is empty when Apprise
// does not accept the URL.
func Assembly(spec urlspec.Spec) []Row {
	spec = spec.Veiled()
	reading, from := spec.Reading, spec.Origins
	if !reading.Accepted {
		return nil
	}
	user := originText(from.Local, "user")
	loginFrom := user + " + host"
	switch from.Domain.Source {
	case urlspec.FromUser:
		loginFrom = "user part, which has its own domain"
	case urlspec.FromParam:
		loginFrom = user + ", which has its own domain"
	}
	local, _, _ := strings.Cut(reading.LoginJID, "@")
	_, resource, hasResource := strings.Cut(reading.LoginJID, "/")
	rows := []Row{
		row("login", "login JID", reading.LoginJID, loginFrom, from.Local),
		child("login.local", "local", local, user, from.Local),
		child("login.domain", "domain", reading.StreamTo, originText(from.Domain, "user"), from.Domain),
	}
	if hasResource {
		rows = append(rows, child("login.resource", "resource", resource, user, from.Local))
	} else {
		rows = append(rows, child("login.resource", "resource", "(server assigns)", "not in URL", urlspec.Origin{}))
	}
	rows = append(rows,
		row("to", "stream to", reading.StreamTo, "domain of login JID", from.Domain),
		Row{Key: "host", Label: "TCP host", Value: urlspec.JoinHostPort(reading.TCPHost, reading.Port),
			Note: reading.Mode.Words(),
			From: hostFrom(from), Start: from.TCPHost.Start, End: from.TCPHost.End},
		child("mode", "mode", string(reading.Mode), originText(from.Mode, ""), from.Mode),
	)
	if reading.Mode != urlspec.ModeNone {
		check := "certificate must name it"
		if !reading.Verify {
			check = "certificate not checked"
			if reading.VerifyUnrecognised {
				check = "Apprise would not check; we do"
			}
		}
		rows = append(rows, Row{Key: "tls", Label: "TLS name", Value: reading.StreamTo, From: "stream to; " + check})
	}
	for i, t := range reading.Targets {
		rows = append(rows, targetRows(i, t, spec)...)
	}
	worst := severities(spec.Problems)
	for i := range rows {
		rows[i].Problem = worst(rows[i].Start, rows[i].End)
	}
	return rows
}

func targetRows(i int, t urlspec.Address, spec urlspec.Spec) []Row {
	r := Row{Key: fmt.Sprintf("target:%d", i+1), Label: fmt.Sprintf("target %d", i+1), Value: t.JID, Note: "user",
		Start: t.Start, End: t.End}
	switch {
	case spec.Reading.SelfTarget:
		r.From = "no target: the login JID itself"
	case t.Domain == urlspec.FromHost:
		r.From = "name + host"
	default:
		r.From = "whole JID in URL"
	}
	if t.Param {
		r.From += ", in to="
	}
	if t.Kind != urlspec.Groupchat {
		return []Row{r}
	}
	r.Note = "room as " + spec.Reading.Nick
	if t.Domain == urlspec.FromHost {
		r.From = "# name + host, no room service"
	}
	nick := child(r.Key+".nick", "nick", spec.Reading.Nick, originText(spec.Origins.Nick, "user"), spec.Origins.Nick)
	return []Row{r, nick}
}

// Changed gives the keys of the rows whose value or note differs from the
// same row of an earlier table, new rows included.
func Changed(before, after []Row) map[string]bool {
	old := make(map[string]Row, len(before))
	for _, r := range before {
		old[r.Key] = r
	}
	changed := map[string]bool{}
	for _, r := range after {
		if o, known := old[r.Key]; !known || o.Value != r.Value || o.Note != r.Note {
			changed[r.Key] = true
		}
	}
	return changed
}

func row(key, label, value, from string, o urlspec.Origin) Row {
	return Row{Key: key, Label: label, Value: value, From: from, Start: o.Start, End: o.End}
}

func child(key, label, value, from string, o urlspec.Origin) Row {
	r := row(key, label, value, from, o)
	r.Child = true
	return r
}

func hostFrom(from urlspec.Origins) string {
	host := "host"
	if from.TCPHost.Source == urlspec.FromParam {
		host = "xmpp="
	}
	switch from.Port.Source {
	case urlspec.FromPart:
		return host + "; port in URL"
	case urlspec.FromParam:
		return host + "; port="
	}
	switch from.Mode.Source {
	case urlspec.FromParam:
		return host + "; port from mode="
	}
	return host + "; default port"
}

func originText(o urlspec.Origin, part string) string {
	switch o.Source {
	case urlspec.FromParam:
		return o.Param + "="
	case urlspec.FromScheme:
		return "scheme"
	case urlspec.FromMode:
		return "mode"
	case urlspec.FromUser:
		return "user"
	case urlspec.FromHost:
		return "host"
	case urlspec.FromPart:
		return part
	}
	return "default"
}

// severities says how bad the worst problem is that touches a part of the URL. The
// problems are sorted once: a long URL has thousands of them, and of parts.
func severities(problems []urlspec.Problem) func(start, end int) urlspec.Severity {
	rank := map[urlspec.Severity]int{urlspec.Info: 1, urlspec.Warning: 2, urlspec.Error: 3}
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(a, b urlspec.Problem) int { return cmp.Compare(a.Start, b.Start) })
	reach := make([]int, len(sorted)) // how far those up to each go
	for i, p := range sorted {
		reach[i] = p.End
		if i > 0 {
			reach[i] = max(p.End, reach[i-1])
		}
	}
	return func(start, end int) urlspec.Severity {
		var worst urlspec.Severity
		if start >= end {
			return worst
		}
		first, _ := slices.BinarySearchFunc(sorted, end, func(p urlspec.Problem, end int) int {
			return cmp.Compare(p.Start, end)
		})
		for i := first - 1; i >= 0 && reach[i] > start; i-- {
			if p := sorted[i]; p.End > start && rank[p.Severity] > rank[worst] {
				worst = p.Severity
			}
		}
		return worst
	}
}
