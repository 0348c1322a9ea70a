//go:build servers

package servertest

import (
	"bufio"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"strings"
)

// stream is the receiving client's side of an XML stream, written for servers
// that are known to behave: it exists to be independent of the code under test.
type stream struct {
	conn net.Conn
	// buffered outlives the decoder, which is made anew at every restart.
	buffered *bufio.Reader
	decoder  *xml.Decoder
}

func newStream(conn net.Conn) *stream {
	return &stream{conn: conn, buffered: bufio.NewReader(conn)}
}

// open sends a stream header and reads up to the end of the features.
func (s *stream) open(domain string) error {
	s.decoder = xml.NewDecoder(s.buffered)
	if _, err := fmt.Fprintf(s.conn, "<?xml version='1.0'?><stream:stream to='%s' version='1.0' "+
		"xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", domain); err != nil {
		return err
	}
	if header, err := s.start(); err != nil || header.Name.Local != "stream" {
		return fmt.Errorf("<%s> instead of a stream header: %w", header.Name.Local, err)
	}
	return s.expect("features")
}

// login authenticates with PLAIN (RFC 4616) and restarts the stream.
func (s *stream) login(domain, user, password string) error {
	payload := base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
	if err := s.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>", payload); err != nil {
		return err
	}
	if err := s.expect("success"); err != nil {
		return err
	}
	return s.open(domain)
}

// send writes XML; every argument is escaped.
func (s *stream) send(format string, arguments ...string) error {
	escaped := make([]any, len(arguments))
	for i, argument := range arguments {
		var b strings.Builder
		if err := xml.EscapeText(&b, []byte(argument)); err != nil {
			return err
		}
		escaped[i] = b.String()
	}
	_, err := fmt.Fprintf(s.conn, format, escaped...)
	return err
}

// start reads up to the next start of an element.
func (s *stream) start() (xml.StartElement, error) {
	for {
		token, err := s.decoder.Token()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			return token, nil
		case xml.EndElement:
			return xml.StartElement{}, io.EOF // the stream's own end
		}
	}
}

// expect reads one element and fails unless it has the name.
func (s *stream) expect(name string) error {
	element, err := s.start()
	if err != nil {
		return fmt.Errorf("waiting for <%s>: %w", name, err)
	}
	var content struct {
		Inner string `xml:",innerxml"`
	}
	if err := s.decoder.DecodeElement(&content, &element); err != nil {
		return fmt.Errorf("reading <%s>: %w", element.Name.Local, err)
	}
	if element.Name.Local != name {
		return fmt.Errorf("<%s>%s instead of <%s>", element.Name.Local, content.Inner, name)
	}
	return nil
}

// stanza is a message, presence or IQ as far as a test needs it.
type stanza struct {
	XMLName xml.Name
	ID      string  `xml:"id,attr"`
	Type    string  `xml:"type,attr"`
	From    string  `xml:"from,attr"`
	To      string  `xml:"to,attr"`
	Subject *string `xml:"subject"`
	Body    *string `xml:"body"`
	Delay   *struct {
		Stamp string `xml:"stamp,attr"`
	} `xml:"urn:xmpp:delay delay"`
	Request *struct{} `xml:"urn:xmpp:receipts request"`
	MUC     struct {
		Status []struct {
			Code int `xml:"code,attr"`
		} `xml:"status"`
	} `xml:"http://jabber.org/protocol/muc#user x"`
	Error *struct {
		Inner string `xml:",innerxml"`
	} `xml:"error"`
}

// stanza reads the next stanza.
func (s *stream) stanza() (stanza, error) {
	element, err := s.start()
	if err != nil {
		return stanza{}, err
	}
	var st stanza
	return st, s.decoder.DecodeElement(&st, &element)
}

// isSelf says whether a presence is the room's answer to our own joining.
func (st stanza) isSelf() bool {
	for _, status := range st.MUC.Status {
		if status.Code == 110 {
			return true
		}
	}
	return false
}
