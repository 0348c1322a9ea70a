package loopback

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Limits on what a client may send. The sizes are those that Prosody 13
// announces (XEP-0478): one element before login and one after it.
const (
	maxBytesBeforeLogin = 10000
	maxBytesAfterLogin  = 262144
	maxDepth            = 64
)

var (
	errTooBig        = errors.New("element larger than the limit")
	errRestrictedXML = errors.New("comment, directive or processing instruction")
	errNotXML        = errors.New("text where a tag was expected")
	errStreamEnd     = errors.New("end of stream")
)

// meter hands single bytes to the XML decoder and counts them. Because it is an
// io.ByteReader the decoder does not buffer, so that nothing is read past the
// end of an element: what follows may be a TLS handshake.
type meter struct {
	r    *bufio.Reader
	left int
	err  error // the first error of r or the limit; the decoder hides some
}

func (m *meter) ReadByte() (byte, error) {
	if m.left <= 0 {
		m.err = errTooBig
		return 0, m.err
	}
	c, err := m.r.ReadByte()
	if err != nil {
		m.err = err
		return 0, err
	}
	m.left--
	return c, nil
}

// Read satisfies io.Reader, which xml.NewDecoder asks for and never uses.
func (m *meter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := m.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// streamReader reads one XML stream: its header, then its elements.
type streamReader struct {
	meter *meter
	dec   *xml.Decoder
	limit int
}

func newStreamReader(r *bufio.Reader, limit int) *streamReader {
	m := &meter{r: r, left: limit}
	return &streamReader{meter: m, dec: xml.NewDecoder(m), limit: limit}
}

// header reads up to and including the start tag of the stream, and gives the
// default namespace it declares.
func (s *streamReader) header() (tag *element, content string, err error) {
	for {
		if err := s.skipSpace(); err != nil {
			return nil, "", err
		}
		tok, err := s.dec.Token()
		if err != nil {
			return nil, "", s.cause(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			for _, a := range tok.Attr {
				if a.Name.Space == "" && a.Name.Local == "xmlns" {
					content = a.Value
				}
			}
			e, err := startTag(tok)
			return e, content, err
		case xml.ProcInst:
			if tok.Target != "xml" {
				return nil, "", errRestrictedXML
			}
		default:
			return nil, "", errRestrictedXML
		}
	}
}

// next reads one element, or errStreamEnd for the stream's end tag.
func (s *streamReader) next() (*element, error) {
	if err := s.skipSpace(); err != nil {
		return nil, err
	}
	s.meter.left = s.limit
	var open []*element
	for {
		tok, err := s.dec.Token()
		if err != nil {
			return nil, s.cause(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e, err := startTag(tok)
			if err != nil {
				return nil, err
			}
			if len(open) >= maxDepth {
				return nil, errTooBig
			}
			if len(open) > 0 {
				open[len(open)-1].add(e)
			}
			open = append(open, e)
		case xml.EndElement:
			if len(open) == 0 {
				return nil, errStreamEnd
			}
			if len(open) == 1 {
				return open[0], nil
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].addText(string(tok))
			}
		default:
			return nil, errRestrictedXML
		}
	}
}

// skipSpace drops white space between elements, the keep-alive of RFC 6120
// 4.6.1, so that it does not count against the limit. Anything but a tag after
// it is an error at once: the decoder would wait for the next "<".
func (s *streamReader) skipSpace() error {
	for {
		c, err := s.meter.r.ReadByte()
		if err != nil {
			return err
		}
		switch c {
		case ' ', '\t', '\r', '\n':
		case '<':
			return s.meter.r.UnreadByte()
		default:
			return errNotXML
		}
	}
}

// cause replaces the decoder's error by what made it, when that was the
// connection or the limit rather than the XML.
func (s *streamReader) cause(err error) error {
	if s.meter.err != nil {
		return s.meter.err
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// startTag makes an element of a start tag, without namespace declarations.
func startTag(t xml.StartElement) (*element, error) {
	e := &element{name: t.Name}
	if !isName(t.Name.Local) {
		return nil, errNotXML
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		if !isName(a.Name.Local) {
			return nil, errNotXML
		}
		e.attrs = append(e.attrs, a)
	}
	return e, nil
}

// isName checks what the decoder does not: that the part after a prefix could
// be a name of its own (Namespaces in XML 4). No XMPP protocol has a name that
// begins with anything but an ASCII letter or "_".
func isName(local string) bool {
	if local == "" || strings.Contains(local, ":") {
		return false
	}
	c := local[0]
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
