package fact

// LineType says what a JSON line is. All that a program prints with --json is
// one of these, one object a line, and has the version 1 in "v".
type LineType string

// The types of JSON lines.
const (
	LineEvent       LineType = "event"       // an event of a check or send, as it happens
	LineResult      LineType = "result"      // what became of a check or send: its last line
	LinePlan        LineType = "plan"        // what a send would send
	LineExplain     LineType = "explain"     // how a URL is read
	LineProblem     LineType = "problem"     // a problem of a URL in a file
	LineCode        LineType = "code"        // what a code means
	LineFix         LineType = "fix"         // a fix that was made
	LineCell        LineType = "cell"        // what one way to a server offers
	LineMatrix      LineType = "matrix"      // what an exploration comes to: its last line
	LineCertificate LineType = "certificate" // a server's certificate
	LineDemo        LineType = "demo"        // a demo that is served
)
