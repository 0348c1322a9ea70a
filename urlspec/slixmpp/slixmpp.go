// Package slixmpp says which JIDs slixmpp 1.17 takes: the XMPP library of Apprise.
//
//	slixmpp.Takes("alice@example.org") // true
//
// RFC 7622, by which servers and package jid go, is another rule: slixmpp still goes
// by its predecessor, RFC 6122, with the stringprep profiles of Unicode 3.2. So it
// refuses characters that are younger, and takes some that are no longer allowed.
package slixmpp

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
	"golang.org/x/net/idna"
)

// Takes reports whether slixmpp makes a JID of a text. What it does not take as a
// login ends in an error before anything is sent.
func Takes(text string) bool {
	bare, resource, full := strings.Cut(text, "/")
	local, domain, hasLocal := strings.Cut(bare, "@")
	if !hasLocal {
		local, domain = "", bare
	}
	switch {
	case !utf8.ValidString(text):
		return false
	case hasLocal && !prepared(nodeprep, local), full && !prepared(resourceprep, resource):
		return false
	}
	return takesDomain(domain)
}

// maxPart is the length of a part in bytes, once it is prepared.
const maxPart = 1023

func prepared(p stringprep.Profile, part string) bool {
	out, err := p.Prepare(part)
	return err == nil && out != "" && len(out) <= maxPart
}

// The length of a name and of its labels, in bytes of their ASCII form; ASCII names
// alone are measured here.
const (
	maxDomain = 253
	maxLabel  = 63
)

// takesDomain takes an address, IPv6 in brackets, or a name that nameprep lets pass.
func takesDomain(domain string) bool {
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		ip, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return err == nil && ip.Is6() && ip.Zone() == "" && strings.HasSuffix(inner, "]")
	}
	domain = strings.TrimSuffix(domain, ".")
	name, err := nameprep.Prepare(domain)
	if err != nil || name == "" || len(name) > maxDomain {
		return false
	}
	if _, err := labels.ToUnicode(domain); err != nil {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > maxLabel || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.ContainsAny(label, forbidden) {
			return false
		}
	}
	return true
}

// labels are the rules of UTS 46 that slixmpp holds labels to: hyphens, joiners, marks
// at the beginning, and Punycode that can be read.
var labels = idna.New(idna.MapForLookup(), idna.StrictDomainName(false), idna.CheckHyphens(true),
	idna.CheckJoiners(true), idna.ValidateLabels(true))

// forbidden is what a domain may not hold.
const forbidden = "@/:<>& %"

// The profiles of RFC 6122 and RFC 3491. None takes what Unicode 3.2 did not assign.
var (
	nodeprep = profile([]stringprep.Mapping{stringprep.TableB1, stringprep.TableB2},
		stringprep.TableC1_1, stringprep.TableC1_2, stringprep.TableC2_1, stringprep.TableC2_2,
		stringprep.Set{{'"', '"'}, {'&', '\''}, {'/', '/'}, {':', ':'}, {'<', '<'}, {'>', '>'}, {'@', '@'}})
	nameprep = profile([]stringprep.Mapping{stringprep.TableB1, stringprep.TableB2},
		stringprep.TableC1_2, stringprep.TableC2_2)
	resourceprep = profile([]stringprep.Mapping{stringprep.TableB1},
		stringprep.TableC1_2, stringprep.TableC2_1, stringprep.TableC2_2)
)

func profile(mappings []stringprep.Mapping, prohibits ...stringprep.Set) stringprep.Profile {
	return stringprep.Profile{Mappings: mappings, Normalize: true, CheckBiDi: true,
		Prohibits: append(prohibits, stringprep.TableC3, stringprep.TableC4, stringprep.TableC5, stringprep.TableC6,
			stringprep.TableC7, stringprep.TableC8, stringprep.TableC9, stringprep.TableA1)}
}
