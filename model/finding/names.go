package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

var unreachable = []event.Cause{event.CauseNoSuchHost, event.CauseRefused, event.CauseUnreachable, event.CauseTimeout}

func connecting(f *facts) bool { return f.at(event.StageDNS, event.StageTCP) }

// nameRules are the failures of finding the server: those of dns, and those of
// tcp where the domain's SRV records know a better place.
var nameRules = []rule{
	{
		code:   "srv-declines",
		help:   "The domain's SRV record has the target \".\", which says that it offers no XMPP to clients.",
		text:   "RFC 6120 section 3.2.1 gives that record this meaning. The account's domain is probably another one.",
		causes: unreachable,
		when:   func(f *facts) bool { return connecting(f) && f.declined() },
		title:  func(f *facts) string { return f.reading.StreamTo + " declares in DNS that it offers no XMPP." },
		admin: "DNS: remove the SRV record with the target \".\", or publish the real server: " +
			"_xmpp-client._tcp.DOMAIN. SRV 0 5 5222 SERVER.",
	},
	{
		code: "srv-target-missing",
		help: "The domain's SRV record names a host that has no address.",
		text: "The URL connects to that host, and DNS knows no address for it. RFC 2782 wants a name with A or AAAA " +
			"records of its own, not an alias.",
		causes: []event.Cause{event.CauseNoSuchHost},
		when: func(f *facts) bool {
			return slices.ContainsFunc(f.places(), func(r event.SRVRecord) bool {
				return strings.EqualFold(r.Target, f.reading.TCPHost)
			})
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The SRV record of %s names %s, which has no address.", f.reading.StreamTo, f.reading.TCPHost)
		},
		admin: "DNS: publish A or AAAA records for the SRV record's target.",
	},
	{
		code:   "srv-fallback",
		remedy: remedy{edit: "connect to the next server of the SRV records: xmpp=, port and mode", safe: true},
		help:   "This server does not answer, and the domain's SRV records name another one for that case.",
		text:   "Clients that follow SRV records go on to the next server. Apprise has only the one host of the URL.",
		causes: unreachable,
		when: func(f *facts) bool {
			return connecting(f) && slices.ContainsFunc(f.places(), f.isHere) && f.elsewhere() != nil
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s does not answer; the domain's next server is %s.", f.endpoint(), placeName(f.elsewhere()))
		},
		fix:   srvFix,
		admin: "Start the server, or take it out of the SRV records.",
	},
	{
		code:   "srv-direct-tls-only",
		remedy: remedy{edit: "connect to the server of the SRV record with mode=tls", safe: true},
		help:   "The domain publishes only direct TLS: no _xmpp-client record names a server, and an _xmpps-client one does.",
		text:   "So no port that begins in clear is meant to be there. mode=tls starts with TLS (XEP-0368).",
		causes: unreachable,
		when: func(f *facts) bool {
			place := f.elsewhere()
			return connecting(f) && f.reading.Mode != urlspec.ModeTLS && place != nil &&
				!slices.ContainsFunc(f.places(), func(r event.SRVRecord) bool { return !directTLS(r) })
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s publishes only direct TLS, at %s.", f.reading.StreamTo, placeName(f.elsewhere()))
		},
		fix:   srvFix,
		admin: "DNS: publish an _xmpp-client record too, if the server offers STARTTLS.",
	},
	{
		code:   "srv-other-port",
		remedy: remedy{edit: "take the port of the SRV record", safe: true},
		help:   "The domain's SRV record names another port of the same host.",
		text:   "Apprise never looks at SRV records: it connects to the port in the URL, or to the mode's default.",
		causes: unreachable,
		when: func(f *facts) bool {
			place := f.elsewhere()
			return connecting(f) && place != nil && strings.EqualFold(place.Target, f.reading.TCPHost)
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s does not answer; the SRV record names port %d.", f.endpoint(), f.elsewhere().Port)
		},
		fix:   srvFix,
		admin: "Let the server listen on the standard port too.",
	},
	{
		code:   "srv-elsewhere",
		remedy: remedy{edit: "connect to the server of the SRV record: xmpp=, port and mode", safe: true},
		help: "The URL's host does not answer, or what answers is not the account's server, and the domain's SRV record " +
			"names another one.",
		text: "Apprise never looks at SRV records: it connects to the host in the URL, or to xmpp=.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.failure != nil && f.elsewhere() != nil &&
				(connecting(f) && slices.Contains(unreachable, f.failure.Cause) || f.stranger())
		},
		title: func(f *facts) string {
			if f.stranger() {
				return fmt.Sprintf("%s is not the server of %s; that is %s, says the SRV record.",
					f.endpoint(), f.reading.StreamTo, placeName(f.elsewhere()))
			}
			return fmt.Sprintf("%s does not answer; the server is %s, says the SRV record.",
				f.endpoint(), placeName(f.elsewhere()))
		},
		explain: func(f *facts) string {
			how := ""
			if f.stranger() {
				how = "What answered there: " + strings.TrimRight(f.failure.Sentence(), ".") + ". "
			}
			return how + "Apprise never looks at SRV records: it connects to the host in the URL, or to xmpp=."
		},
		fix:   srvFix,
		admin: "Let that server answer at the host that the URL names too, where programs look that do not ask for SRV.",
	},
	{
		code: "domain-above",
		remedy: remedy{edit: "write the domain above as host, and the server of its SRV record as xmpp=",
			cost: "It is another account then."},
		help: "The host in the URL is not served, and the domain above it publishes XMPP servers in DNS.",
		text: "The host in the URL must be the account's domain, what stands after the @ of its address, and not the name " +
			"of a machine such as www.example.org.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.above() != nil &&
				f.Spec.Origins.Domain.Source == urlspec.FromHost && parentOf(f.reading.Host) == "" &&
				(f.condition("host-unknown", "host-gone") || f.failure.Alert == event.AlertName ||
					slices.Contains([]event.Cause{event.CauseNoSuchHost, event.CauseCertName}, f.failure.Cause))
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The account is probably at %s: that domain publishes a server, %s does not.",
				f.above().Of, f.reading.Host)
		},
		fix: func(f *facts) *Fix {
			place := *f.above()
			to := func(s urlspec.Spec) urlspec.Fix { return s.SetHost(place.Of) }
			label, steps := f.stepsTo(place)
			return f.edit(fmt.Sprintf("log in at %s, %s", place.Of, label),
				append([]func(urlspec.Spec) urlspec.Fix{to}, steps...)...)
		},
	},
	{
		code: "host-not-found",
		help: "DNS knows no address for the host, and no SRV record points elsewhere.",
		text: "Usually the name is misspelt. The host in the URL is the account's domain; " +
			"where the server lives elsewhere, xmpp= names it.",
		causes: []event.Cause{event.CauseNoSuchHost},
		title:  func(f *facts) string { return fmt.Sprintf("There is no host called %s.", f.reading.TCPHost) },
		explain: func(f *facts) string {
			if !strings.EqualFold(f.reading.TCPHost, f.reading.Host) {
				return "DNS knows no address for the name in xmpp=. Correct it, or remove xmpp= to connect to " +
					f.reading.Host + "."
			}
			srv := "no SRV record points elsewhere"
			if len(f.unasked()) > 0 {
				srv = "whether an SRV record points elsewhere could not be asked"
			}
			return "DNS knows no address for it, and " + srv + ". " +
				"Correct the host, or name the server with xmpp= if it lives elsewhere than the account's domain."
		},
		admin: "DNS: publish an A or AAAA record for the name.",
	},
	{
		code:   "dns-failed",
		help:   "The name server gave no answer to rely on: it was not reachable, or reported an error of its own.",
		text:   "This says nothing about the XMPP server. Try again, or look at this machine's name servers.",
		causes: []event.Cause{event.CauseDNS},
		title:  func(f *facts) string { return fmt.Sprintf("The name %s could not be looked up.", f.reading.TCPHost) },
	},
	{
		code: "dns-timeout",
		help: "The name server did not answer in time.",
		text: "This says nothing about the XMPP server. Try again, or look at this machine's name servers; " +
			"cto= gives more time.",
		causes: []event.Cause{event.CauseTimeout},
		when:   func(f *facts) bool { return f.at(event.StageDNS) },
		title: func(f *facts) string {
			return fmt.Sprintf("The name server did not answer the question for %s%s within %.3g s.",
				f.silentTypes(), f.reading.TCPHost, f.failure.Waited)
		},
	},
}

// srvFix connects to where the SRV records point.
func srvFix(f *facts) *Fix {
	label, steps := f.stepsTo(*f.elsewhere())
	return f.edit(label, steps...)
}

// nextPlace is srvFix where the SRV records name another place, and nothing else.
func nextPlace(f *facts) *Fix {
	if f.elsewhere() == nil {
		return nil
	}
	return srvFix(f)
}

// stepsTo are the edits that connect to a place.
func (f *facts) stepsTo(place event.SRVRecord) (label string, steps []func(urlspec.Spec) urlspec.Fix) {
	label = "connect to " + placeName(&place)
	steps = append(steps, setHost(place.Target))
	if directTLS(place) != (f.reading.Mode == urlspec.ModeTLS) {
		mode := urlspec.ModeSTARTTLS
		if directTLS(place) {
			mode = urlspec.ModeTLS
		}
		steps = append(steps, SetParam("mode", string(mode)))
		label += " with mode=" + string(mode)
	}
	return label, append(steps, setPort(place.Port))
}

// records are the SRV records of the account's domain that name a place. One with
// port 0 names none.
func (f *facts) records() []event.SRVRecord {
	if f.DNS == nil {
		return nil
	}
	var records []event.SRVRecord
	for _, r := range f.DNS.SRV {
		if r.Target = strings.TrimSuffix(r.Target, "."); r.Target != "" && r.Of == "" && r.Port != 0 {
			records = append(records, r)
		}
	}
	return records
}

// places are the servers that the SRV records name, the best first: of the
// kind that the mode needs, then by priority and weight.
func (f *facts) places() []event.SRVRecord {
	places := f.records()
	unfit := func(r event.SRVRecord) int {
		if directTLS(r) != (f.reading.Mode == urlspec.ModeTLS) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(places, func(a, b event.SRVRecord) int {
		return cmp.Or(cmp.Compare(unfit(a), unfit(b)), cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.Weight, a.Weight))
	})
	return places
}

// elsewhere is the best place that is not where we connected to, and that no
// earlier run of the same story tried; or nil.
func (f *facts) elsewhere() *event.SRVRecord {
	for _, r := range f.places() {
		if !f.isHere(r) && !f.tried(r) {
			return &r
		}
	}
	return nil
}

// tried reports whether an earlier run of the same story connected there.
func (f *facts) tried(r event.SRVRecord) bool {
	return slices.ContainsFunc(f.Tried, func(t urlspec.Reading) bool {
		return strings.EqualFold(r.Target, urlspec.Unbracket(t.TCPHost)) && r.Port == t.Port &&
			directTLS(r) == (t.Mode == urlspec.ModeTLS)
	})
}

// above is the best server of the domain above the account's, which is asked for
// where the account's own domain names none; or nil.
func (f *facts) above() *event.SRVRecord {
	if f.DNS == nil || f.failure == nil {
		return nil
	}
	for _, r := range f.DNS.SRV {
		if r.Of != "" && r.Port != 0 && strings.TrimSuffix(r.Target, ".") != "" {
			return &r
		}
	}
	return nil
}

// stranger reports whether what answered is not the account's server, which SRV
// records say is elsewhere: it does not serve the domain, shows the certificate of
// another one, or is another service altogether. The place of an SRV record is none;
// another port of its host is one where another service answers.
func (f *facts) stranger() bool {
	if f.failure == nil || !f.at(event.StageStream, event.StageSTARTTLS, event.StageTLS, event.StageFeatures) ||
		slices.ContainsFunc(f.records(), f.isHere) {
		return false
	}
	sameHost := slices.ContainsFunc(f.records(), func(r event.SRVRecord) bool {
		return strings.EqualFold(r.Target, urlspec.Unbracket(f.reading.TCPHost))
	})
	switch f.failure.Cause {
	case event.CauseStreamError:
		return f.condition("host-unknown", "host-gone")
	case event.CauseCertName, event.CauseCertAuthority, event.CauseCertExpired, event.CauseCertNotYetValid,
		event.CauseCertOther:
		return f.TLS != nil && !f.presents(f.TLS.Reference) && (!sameHost || f.reading.Port == 443 && f.TLS.ALPN == "")
	case event.CauseNotXMPP, event.CauseServerPort:
		return true
	case event.CauseTLS:
		return !sameHost || f.failure.Alert == event.AlertName || f.failure.Alert == event.AlertProtocol
	case event.CauseTLSVersion, event.CauseNotTLS, event.CauseNoSTARTTLS, event.CauseClosed, event.CauseTimeout,
		event.CauseClientCertificate:
		return !sameHost
	}
	return false
}

// unasked are the SRV services that could not be asked for.
func (f *facts) unasked() []string {
	if f.DNS == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.DNS.Unanswered), func(s string) bool { return !strings.HasPrefix(s, "_") })
}

// silentTypes names the type of address that the name server gave no answer to,
// where it answered the other: "the AAAA records of ".
func (f *facts) silentTypes() string {
	if f.DNS == nil {
		return ""
	}
	for _, kind := range f.DNS.Unanswered {
		if !strings.HasPrefix(kind, "_") {
			return "the " + kind + " records of "
		}
	}
	return ""
}

func (f *facts) isHere(r event.SRVRecord) bool {
	return strings.EqualFold(r.Target, f.reading.TCPHost) && r.Port == f.reading.Port
}

// declined reports whether every SRV record says that there is no service.
func (f *facts) declined() bool {
	return f.DNS != nil && len(f.DNS.SRV) > 0 && !slices.ContainsFunc(f.DNS.SRV, func(r event.SRVRecord) bool {
		return r.Of != "" || strings.TrimSuffix(r.Target, ".") != ""
	})
}

// directTLS reports whether a record is of the service that starts with TLS.
func directTLS(r event.SRVRecord) bool { return strings.Contains(r.Service, "xmpps") }

func placeName(r *event.SRVRecord) string { return urlspec.JoinHostPort(r.Target, r.Port) }

// endpoint is the host and port that the reading connects to.
func (f *facts) endpoint() string { return urlspec.JoinHostPort(f.reading.TCPHost, f.reading.Port) }
