package event

import (
	"strings"

	"xmppscope/urlspec"
)

// Place is an address and a port.
type Place struct {
	// Hosts are the names that lead here, as a URL would give them.
	Hosts []string `json:"hosts"`
	// Address is the IP address and port; the host and port behind a proxy;
	// empty when the name has no address.
	Address string `json:"address,omitempty"`
	Port    int    `json:"port"`
	// From says what the place was derived from.
	From []Source `json:"from"`
}

// Sources lists what the place was derived from: "URL, SRV _xmpp-client".
func (p Place) Sources() string {
	names := make([]string, len(p.From))
	for i, source := range p.From {
		names[i] = string(source)
	}
	return strings.Join(names, ", ")
}

// Source is what a place was derived from.
type Source string

// The sources, beside the SRV records.
const (
	FromURL    Source = "URL"
	FromDomain Source = "JID domain"
	FromUsual  Source = "usual port" // of XMPP, at a host that is known
)

// FromSRV is the source of a place that an SRV record names: service is
// _xmpp-client or _xmpps-client (XEP-0368).
func FromSRV(service string) Source { return Source("SRV " + service) }

// Cell is what one way to a server offers: a place, a mode and a TLS version.
// What cannot differ is not probed twice: a cell without a mode stands for
// every mode, one of a mode with TLS but without a version for both versions.
type Cell struct {
	Place
	// Mode is empty when no connection came about.
	Mode urlspec.Mode `json:"mode,omitempty"`
	// TLSVersion is the only version that was offered, "TLS 1.2" or "TLS 1.3".
	// It is empty without TLS, and when the failure came before the version
	// could matter.
	TLSVersion string `json:"tls_version,omitempty"`
	// Verified says that the certificate is valid for the JID domain. When it
	// is not, Certificate says why; the probe goes on all the same, since it
	// sends nothing secret.
	Verified    bool     `json:"verified"`
	Certificate *Failure `json:"certificate,omitempty"`
	// SHA256 is the fingerprint of the leaf certificate, lower-case hex; it is
	// empty when there was none.
	SHA256 string `json:"sha256,omitempty"`
	ALPN   string `json:"alpn,omitempty"`
	// WithoutALPN is why a handshake that names no protocol, as Apprise's is, does not
	// come to this server.
	WithoutALPN *Failure `json:"without_alpn,omitempty"`
	Mechanisms  []string `json:"mechanisms,omitempty"`
	// SASL2 is the mechanisms of XEP-0388, which win over the others under TLS.
	SASL2    []string `json:"sasl2,omitempty"`
	Bindings []string `json:"bindings,omitempty"` // XEP-0440
	// STARTTLSInside is true when the server offers STARTTLS on a connection
	// that is encrypted already: it does not know of the encryption.
	STARTTLSInside bool `json:"starttls_inside_tls,omitempty"`
	// Plus and NoPlus predict the login with scramplus=yes and scramplus=no.
	// They are nil when the features were not reached.
	Plus   *Prediction `json:"scramplus_yes,omitempty"`
	NoPlus *Prediction `json:"scramplus_no,omitempty"`
	// Failure is why no login is possible; nil when one is.
	FailedStage Stage    `json:"failed_stage,omitempty"`
	Failure     *Failure `json:"failure,omitempty"`
	// Logins are the logins that were tried here.
	Logins []LoginTry `json:"logins,omitempty"`
	// TLS is all that is known of the handshake.
	TLS TLS `json:"-"`
}

// Prediction is the mechanism that would win.
type Prediction struct {
	// Mechanism is empty when there is none; then Failure says why.
	Mechanism string   `json:"mechanism,omitempty"`
	Binding   string   `json:"channel_binding,omitempty"`
	Failure   *Failure `json:"failure,omitempty"`
}

// LoginTry is one login of a matrix.
type LoginTry struct {
	// ScramPlus is the scramplus= it was made with.
	ScramPlus   bool     `json:"scramplus"`
	OK          bool     `json:"ok"`
	TLSVersion  string   `json:"tls_version,omitempty"`
	SASL        *SASL    `json:"sasl,omitempty"`
	FailedStage Stage    `json:"failed_stage,omitempty"`
	Failure     *Failure `json:"failure,omitempty"`
}

// Fail notes why the cell leads nowhere. A nil failure changes nothing.
func (c *Cell) Fail(f *Failure) {
	if f != nil {
		c.FailedStage, c.Failure = f.Stage, f
	}
}
