package wire

import "strings"

// maxGreeting is how much is read of a greeting that is not XML.
const maxGreeting = 120

// greet takes a byte of what a peer says that does not speak XML. It reads on
// to the end of the first line, so that the error can show it, and stops at
// once at a byte that is not text.
func (d *Decoder) greet(b byte) error {
	text := b >= 0x20 && b < 0x7f || b == '\t' || b == '\r'
	if text && len(d.token) < maxGreeting {
		d.token = append(d.token, b)
		d.size = len(d.token)
		return nil
	}
	if !text && b != '\n' && len(d.token) < maxGreeting {
		d.token = append(d.token, b)
	}
	return d.notXML()
}

// notXML is the error for a peer whose first bytes are not XML.
func (d *Decoder) notXML() error {
	line := strings.TrimSpace(string(d.token))
	err := &SyntaxError{Detail: "the other side does not speak XML", Offset: d.offset, Protocol: ProtocolOf(line)}
	if err.Protocol != "TLS" {
		err.Greeting = safeCut(line, maxGreeting)
	}
	return err
}

// greetings are the first bytes of protocols that are found where XMPP was
// expected.
var greetings = []struct{ prefix, protocol string }{
	{"\x15", "TLS"}, {"\x16", "TLS"}, // alert and handshake records
	{"SSH-", "SSH"},
	{"HTTP/", "HTTP"}, {"<html", "HTTP"}, {"<HTML", "HTTP"}, {"<!DOC", "HTTP"}, {"<!doc", "HTTP"},
	{"RTSP/", "RTSP"},
	{"220 ", "SMTP or FTP"}, {"220-", "SMTP or FTP"}, {"554 ", "SMTP"}, {"421 ", "SMTP or FTP"},
	{"* OK", "IMAP"}, {"* BYE", "IMAP"}, {"* PREAUTH", "IMAP"},
	{"+OK", "POP3"},
	{"-ERR", "Redis or POP3"},
	{"RFB ", "VNC"},
	{"AMQP", "AMQP"},
	{":", "IRC"}, {"NOTICE ", "IRC"}, {"ERROR :", "IRC"},
}

// ProtocolOf names the protocol that begins with line, or "an unknown
// protocol".
func ProtocolOf(line string) string {
	for _, g := range greetings {
		if strings.HasPrefix(line, g.prefix) {
			return g.protocol
		}
	}
	return "an unknown protocol"
}
