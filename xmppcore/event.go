package xmppcore

import "time"

// Stage is a step of a run.
type Stage string

// The stages, in the order in which a run takes them. A stage that does not
// apply to a run is absent from it.
const (
	StageDNS      Stage = "dns"
	StageTCP      Stage = "tcp"
	StageStream   Stage = "stream"
	StageSTARTTLS Stage = "starttls"
	StageTLS      Stage = "tls"
	StageFeatures Stage = "features"
	StageSASL     Stage = "sasl"
	StageBind     Stage = "bind"
	StageRoster   Stage = "roster"
	StageMUC      Stage = "muc"
	StageSend     Stage = "send"
	StageAck      Stage = "ack"
	StageClose    Stage = "close"
)

// StageWait is the time between two attempts (see [Notify]). It is the first
// stage of every attempt but the first, and in no other place.
const StageWait Stage = "wait"

// Stages returns the stages of an attempt in order, from the connection on.
func Stages() []Stage {
	return []Stage{StageDNS, StageTCP, StageStream, StageSTARTTLS, StageTLS, StageFeatures,
		StageSASL, StageBind, StageRoster, StageMUC, StageSend, StageAck, StageClose}
}

// State is what an event says of its stage or item.
type State string

// The states. Every stage that is entered has one start event without an item
// and one final event (ok, warn, fail or skip) without an item. Where a run
// makes several attempts, that holds for each of them.
const (
	Start State = "start"
	OK    State = "ok"
	Warn  State = "warn"
	Fail  State = "fail"
	Skip  State = "skip"
)

// Event is one fact of a run.
type Event struct {
	// Seq counts from 1, without gap.
	Seq int
	// At is the time since the run began.
	At time.Duration
	// Attempt is the attempt that it belongs to, from 1; 0 is the first too.
	// The first event of a later attempt ends what came before: the stages
	// begin anew, and only deliveries keep the evidence that they had.
	Attempt int
	// Stage is the step it belongs to.
	Stage Stage
	// Item is set when the event is about one of several things inside the
	// stage: an address that is dialled, a room (its bare JID), a message (its
	// stanza id). Without an item the event opens or ends the stage itself.
	// Items stand inside their stage, except that SRV records, which are only
	// advice that nothing waits for, can come after the end of dns.
	Item  string
	State State
	// Text is one sentence for a person, safe for a terminal, without secrets.
	Text string
	// Data holds the facts, one of the *Data types below, or nil. A final
	// event carries the complete facts of its stage.
	Data Data
	// Failure says why, for Fail and some Warn events.
	Failure *Failure
}

// Cause names why something failed, in one word that findings are keyed by.
type Cause string

// The causes.
const (
	CauseCancelled         Cause = "cancelled"            // the caller's context ended
	CauseTimeout           Cause = "timeout"              // nothing came in time; Failure.Waiting says what was waited for
	CauseNoSuchHost        Cause = "no-such-host"         // DNS: NXDOMAIN or no address
	CauseDNS               Cause = "dns-failure"          // DNS: any other error
	CauseRefused           Cause = "connection-refused"   // TCP
	CauseUnreachable       Cause = "unreachable"          // TCP: no route
	CauseProxy             Cause = "proxy-failure"        // the SOCKS proxy refused
	CauseClosed            Cause = "closed-by-server"     // EOF or reset
	CauseNotXMPP           Cause = "not-xmpp"             // another protocol answered; Detail names it
	CauseServerPort        Cause = "server-to-server"     // jabber:server
	CauseBadXML            Cause = "bad-xml"              // not well-formed, or forbidden XML
	CauseTooBig            Cause = "too-big"              // a limit of ours was passed
	CauseStreamError       Cause = "stream-error"         // Condition and Text hold it
	CauseNoSTARTTLS        Cause = "starttls-not-offered" // mode=starttls
	CauseSTARTTLSRefused   Cause = "starttls-refused"
	CauseNotTLS            Cause = "not-tls"               // direct TLS on a port that speaks XML first
	CauseTLS               Cause = "tls-failure"           // any other handshake error
	CauseTLSVersion        Cause = "tls-version"           // no version in common
	CauseCertName          Cause = "certificate-name"      // valid for other names
	CauseCertAuthority     Cause = "certificate-authority" // unknown issuer
	CauseCertExpired       Cause = "certificate-expired"
	CauseCertNotYetValid   Cause = "certificate-not-yet-valid"
	CauseCertOther         Cause = "certificate-invalid"
	CauseNoMechanisms      Cause = "no-mechanisms"       // none offered
	CauseNoCommonMechanism Cause = "no-common-mechanism" // none that we know or may use
	CauseTLSRequired       Cause = "tls-required"        // mode=none where the server wants TLS
	CauseCleartextPassword Cause = "cleartext-password"  // only PLAIN in clear was left, not allowed
	CauseChannelBinding    Cause = "channel-binding"     // PLUS refused
	CauseAuth              Cause = "not-authorized"      // Condition and Text hold the SASL failure
	CauseServerProof       Cause = "server-proof"        // the server did not prove that it knows the password
	CauseIterations        Cause = "iterations"          // SCRAM iteration count out of bounds
	CauseMechanismList     Cause = "mechanisms-altered"  // the server signed another list of mechanisms (XEP-0474)
	CauseBind              Cause = "bind-failure"
	CauseRoom              Cause = "room"    // a join failed; Condition holds the stanza error
	CauseBounced           Cause = "bounced" // a message came back; Condition holds the stanza error
	CauseNoPassword        Cause = "password-missing"
	CauseIllegalStanza     Cause = "illegal-stanza" // we refused to send: illegal JID or XML character
	CauseInternal          Cause = "internal"       // a bug, ours or the library's
)

// Failure is why a stage or an item failed. It is an error.
type Failure struct {
	Stage Stage `json:"-"`
	Cause Cause `json:"cause"`
	// Condition is the defined condition of the stream, SASL or stanza error.
	Condition string `json:"condition,omitempty"`
	// Type is the stanza error type (auth, cancel, continue, modify, wait).
	Type string `json:"type,omitempty"`
	// Text is the server's own text, made safe for a terminal.
	Text string `json:"text,omitempty"`
	// Detail is ours or the operating system's: "dial tcp …: connection refused".
	Detail string `json:"detail,omitempty"`
	// Waiting says what did not come, for CauseTimeout: "stream features".
	Waiting string `json:"waiting,omitempty"`
	// Waited is how long, in seconds.
	Waited float64 `json:"waited_s,omitempty"`
	// Host is where the server sends us, for the condition see-other-host.
	Host string `json:"see_other_host,omitempty"`
	// Size and Limit are bytes: of a stanza of ours that was not sent, and of
	// the largest one that the server takes. Both are 0 for other failures.
	Size  int `json:"size,omitempty"`
	Limit int `json:"limit,omitempty"`
	// passing marks the failure of a room that is likely to be back soon.
	passing bool
}

// Error gives the cause and what is known of it, in one line.
func (f *Failure) Error() string {
	s := string(f.Stage) + ": " + string(f.Cause)
	if f.Waiting != "" {
		s += " while waiting for " + f.Waiting
	}
	for _, part := range []string{f.Condition, f.Text, f.Detail} {
		if part != "" {
			s += ": " + part
		}
	}
	return s
}

// Data is the typed facts of an event.
type Data interface{ eventData() }

// DNSData is what the name look-up gave. SRV records are advice only: Apprise
// never looks at them.
type DNSData struct {
	Host      string      `json:"host"`
	Addresses []string    `json:"addresses,omitempty"`
	SRV       []SRVRecord `json:"srv,omitempty"`
}

// SRVRecord is one SRV record (RFC 2782) of _xmpp-client or _xmpps-client.
type SRVRecord struct {
	Service  string `json:"service"`
	Target   string `json:"target"`
	Port     int    `json:"port"`
	Priority int    `json:"priority"`
	Weight   int    `json:"weight"`
}

// TCPData is a connection or an attempt at one.
type TCPData struct {
	Host string `json:"host"`
	Port int    `json:"port"`
	// Address is the IP address and port that was dialled.
	Address string `json:"address,omitempty"`
	Local   string `json:"local,omitempty"`
	Proxy   string `json:"proxy,omitempty"`
}

// StreamData is the stream headers' content (RFC 6120 4.7).
type StreamData struct {
	To        string `json:"to,omitempty"`
	From      string `json:"from,omitempty"`
	ID        string `json:"id,omitempty"`
	Encrypted bool   `json:"encrypted"`
}

// TLSData is the result of a handshake, failed ones as far as they went.
type TLSData struct {
	Version  string `json:"version,omitempty"`
	Cipher   string `json:"cipher,omitempty"`
	Verified bool   `json:"verified"`
	// Reference is the name the certificate was checked against: the JID domain.
	Reference string   `json:"reference,omitempty"`
	Names     []string `json:"names,omitempty"`
	Subject   string   `json:"subject,omitempty"`
	Issuer    string   `json:"issuer,omitempty"`
	NotBefore string   `json:"not_before,omitempty"` // RFC 3339
	NotAfter  string   `json:"not_after,omitempty"`  // RFC 3339
	SHA256    string   `json:"sha256,omitempty"`     // of the leaf, lower-case hex
	ALPN      string   `json:"alpn,omitempty"`
	// Problem is why the check failed; with verify=no it is set although the
	// handshake went on.
	Problem string `json:"problem,omitempty"`
	// Untrusted is why no authority that we trust has signed the certificate,
	// whatever its names and dates; empty when one has.
	Untrusted string `json:"-"`
	// Chain is the certificates as sent, leaf first.
	Chain []Certificate `json:"chain,omitempty"`
}

// Certificate is one certificate of a chain.
type Certificate struct {
	Subject   string   `json:"subject"`
	Issuer    string   `json:"issuer"`
	Names     []string `json:"names,omitempty"`
	NotBefore string   `json:"not_before"`
	NotAfter  string   `json:"not_after"`
	SHA256    string   `json:"sha256"`
	// DER is the raw certificate, for PEM export.
	DER []byte `json:"-"`
}

// FeaturesData is the stream features that login depends on.
type FeaturesData struct {
	Encrypted        bool     `json:"encrypted"`
	STARTTLS         bool     `json:"starttls"`
	STARTTLSRequired bool     `json:"starttls_required,omitempty"`
	Mechanisms       []string `json:"mechanisms,omitempty"`
	// SASL2 is the mechanisms of XEP-0388 when offered.
	SASL2    []string `json:"sasl2,omitempty"`
	Bindings []string `json:"bindings,omitempty"` // XEP-0440
	// MaxBytes is XEP-0478's stanza limit, 0 when not given.
	MaxBytes int `json:"max_bytes,omitempty"`
}

// SASLData is the login (RFC 6120 6, RFC 5802).
type SASLData struct {
	Offered        []string `json:"offered,omitempty"`
	Bindings       []string `json:"bindings,omitempty"`
	Predicted      string   `json:"predicted,omitempty"`
	Used           string   `json:"used,omitempty"`
	ChannelBinding string   `json:"channel_binding,omitempty"`
	// Flag is SCRAM's channel-binding flag as we sent it: n, y or p (RFC 5802
	// section 6). Iterations and Salt, its length in bytes, are the server's.
	Flag       string `json:"gs2_flag,omitempty"`
	Iterations int    `json:"iterations,omitempty"`
	Salt       int    `json:"salt_bytes,omitempty"`
	SASL2      bool   `json:"sasl2,omitempty"`
	// Passed says why each better or other offered mechanism was not taken.
	Passed  []PassedOver `json:"passed_over,omitempty"`
	Failure *SASLFailure `json:"failure,omitempty"`
}

// PassedOver is a mechanism that was not taken, and why.
type PassedOver struct {
	Mechanism string `json:"mechanism"`
	Why       string `json:"why"`
}

// SASLFailure is the server's <failure/>.
type SASLFailure struct {
	Condition string `json:"condition"`
	Text      string `json:"text,omitempty"`
}

// BindData is the result of resource binding.
type BindData struct {
	JID string `json:"jid"`
	// MaxBytes is the server's stanza limit after login, 0 when unknown.
	MaxBytes int `json:"max_bytes,omitempty"`
}

// RosterData counts the roster.
type RosterData struct {
	Contacts int `json:"contacts"`
}

// RoomData is the state of one room (XEP-0045).
type RoomData struct {
	JID    string       `json:"jid"`
	Nick   string       `json:"nick"`
	Joined bool         `json:"joined"`
	Codes  []int        `json:"codes,omitempty"` // status codes of our own presence
	Role   string       `json:"role,omitempty"`
	Error  *StanzaError `json:"error,omitempty"`
}

// StanzaError is an error stanza (RFC 6120 8.3).
type StanzaError struct {
	Condition string `json:"condition"`
	Type      string `json:"type,omitempty"`
	Text      string `json:"text,omitempty"`
	By        string `json:"by,omitempty"`
}

// Evidence is the rung a delivery reached.
type Evidence string

// The ladder, lowest first. The empty value means that nothing was sent.
const (
	NotSent   Evidence = ""
	Written   Evidence = "written"   // bytes left us
	Accepted  Evidence = "accepted"  // the server answered a later ping and had not bounced it
	Reflected Evidence = "reflected" // the room sent our own message back
	Received  Evidence = "received"  // XEP-0184 receipt
)

// DeliveryData is the state of one message to one target.
type DeliveryData struct {
	To       string       `json:"to"`
	Kind     string       `json:"kind"`    // chat or groupchat
	Message  int          `json:"message"` // counts from 1
	ID       string       `json:"id,omitempty"`
	Evidence Evidence     `json:"evidence,omitempty"`
	Error    *StanzaError `json:"error,omitempty"`
}

// CloseData is how the connection ended and what went over it.
type CloseData struct {
	BytesIn  int64 `json:"bytes_in"`
	BytesOut int64 `json:"bytes_out"`
}

func (DNSData) eventData()      {}
func (TCPData) eventData()      {}
func (StreamData) eventData()   {}
func (TLSData) eventData()      {}
func (FeaturesData) eventData() {}
func (SASLData) eventData()     {}
func (BindData) eventData()     {}
func (RosterData) eventData()   {}
func (RoomData) eventData()     {}
func (DeliveryData) eventData() {}
func (CloseData) eventData()    {}

// XML is one element of the stream as it went by, with every secret replaced
// by "[redacted N bytes]" and every unsafe character made visible.
type XML struct {
	At       time.Duration
	Received bool
	Text     string
}

// Trace is told what a run sees. Both functions may be nil. They are called
// one at a time, in order, and must return at once: a slow observer would hold
// up the network.
type Trace struct {
	Event func(Event)
	XML   func(XML)
}
