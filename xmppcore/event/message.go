package event

// Message is one notification chunk as it goes into a stanza.
type Message struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
}
