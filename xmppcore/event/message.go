package event

// Message is one notification chunk as it goes into a stanza.
type Message struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
	// Halved is true where a character of it was written as two escapes for its
	// halves (surrogates). We send it; Python cannot.
	Halved bool `json:"-"`
}
