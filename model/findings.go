package model

import (
	"xmppscope/urlspec"
)

// Finding is one diagnosis: what happened, how we know, what it means, and
// what to change.
type Finding struct {
	// Code names the cause; the table of codes is Catalogue.
	Code     string           `json:"code"`
	Severity urlspec.Severity `json:"severity"`
	// Title is one sentence; Explain says how we know and what it means.
	Title   string `json:"title"`
	Explain string `json:"explain"`
	// Events are the sequence numbers of the events that prove it.
	Events []int `json:"events"`
	// Fix is the edit of the URL that mends it, nil when no edit does.
	Fix *FindingFix `json:"fix,omitempty"`
	// Admin is what the server's operator would change: a Prosody or ejabberd
	// setting, or a DNS record.
	Admin string `json:"admin,omitempty"`
}

// FindingFix is an edit of the URL.
type FindingFix struct {
	Label string `json:"label"`
	// URL is the edited URL, redacted.
	URL string `json:"url"`
	// Edited is the edited URL as it is, with its password: never print it.
	Edited string `json:"-"`
}

// Verdict is what Apprise 2.1.0 would have made of the same situation.
type Verdict struct {
	// WouldReport is "success" or "failure".
	WouldReport string `json:"would_report"`
	// WouldDeliver says whether the message would really go out.
	WouldDeliver bool   `json:"would_deliver"`
	Because      string `json:"because"`
}
