package message

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// appriseRow is one recorded answer of Apprise 2.1.0.
type appriseRow struct {
	ID          string          `json:"id"`
	URL         string          `json:"url"`
	Title       string          `json:"title"`
	Body        string          `json:"body"`
	BodyGen     [][2]any        `json:"body_gen"`
	InputFormat string          `json:"input_format"`
	Escapes     bool            `json:"interpret_escapes"`
	Apprise     appriseMessages `json:"apprise"`
}

type appriseMessages struct {
	Accepted bool `json:"accepted"`
	Messages []struct {
		Subject appriseText `json:"subject"`
		Body    appriseText `json:"body"`
	} `json:"messages"`
}

// appriseText is a text, or the measure of a long one.
type appriseText struct {
	Text   *string `json:"text"`
	Len    int     `json:"len"`
	Bytes  int     `json:"bytes"`
	SHA256 string  `json:"sha256"`
	Head   string  `json:"head"`
	Tail   string  `json:"tail"`
}

// check says how a text differs from the recorded one; "" when it does not.
func (want appriseText) check(got string) string {
	if n := utf8.RuneCountInString(got); n != want.Len {
		return fmt.Sprintf("has %d code points, want %d", n, want.Len)
	}
	if want.Text != nil {
		if got != *want.Text {
			return fmt.Sprintf("is %q, want %q", got, *want.Text)
		}
		return ""
	}
	sum := sha256.Sum256([]byte(got))
	switch {
	case len(got) != want.Bytes:
		return fmt.Sprintf("has %d bytes, want %d", len(got), want.Bytes)
	case !strings.HasPrefix(got, want.Head):
		return fmt.Sprintf("begins with %.80q, want %q", got, want.Head)
	case !strings.HasSuffix(got, want.Tail):
		return fmt.Sprintf("ends with %q, want %q", got[len(got)-min(len(got), 80):], want.Tail)
	case hex.EncodeToString(sum[:]) != want.SHA256:
		return "has another checksum"
	}
	return ""
}

func (r appriseRow) notification(t testing.TB) Notification {
	n := Notification{r.Title, r.Body, r.InputFormat, r.Escapes}
	var body strings.Builder
	for _, part := range r.BodyGen {
		text, ok := part[0].(string)
		count, ok2 := part[1].(float64)
		if !ok || !ok2 {
			t.Fatalf("%s: body_gen has the part %v", r.ID, part)
		}
		body.WriteString(strings.Repeat(text, int(count)))
	}
	n.Body += body.String()
	return n
}

func appriseRows(t testing.TB) []appriseRow {
	var rows []appriseRow
	for _, name := range []string{"messages.jsonl", "messages2.jsonl"} {
		data, err := os.ReadFile("../../testdata/apprise/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var row appriseRow
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatalf("row %d: %v", len(rows)+1, err)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// Every recorded answer of Apprise is met, to the byte.
func TestPlanMessagesAsApprise(t *testing.T) {
	rows := appriseRows(t)
	if len(rows) != 313+463 {
		t.Fatalf("there are %d rows, want 776", len(rows))
	}
	for _, row := range rows {
		got := For(t.Context(), row.notification(t), urlspec.Parse(row.URL).Reading)
		if got.Accepted != row.Apprise.Accepted {
			t.Errorf("%s: accepted is %v, want %v (%s)", row.ID, got.Accepted, row.Apprise.Accepted, got.Reason)
			continue
		}
		if got.Accepted == (got.Reason != "") {
			t.Errorf("%s: accepted is %v and the reason %q", row.ID, got.Accepted, got.Reason)
		}
		if len(got.Messages) != len(row.Apprise.Messages) {
			t.Errorf("%s: %d messages, want %d", row.ID, len(got.Messages), len(row.Apprise.Messages))
			continue
		}
		for i, want := range row.Apprise.Messages {
			if diff := want.Subject.check(got.Messages[i].Subject); diff != "" {
				t.Errorf("%s: subject %d %s", row.ID, i, diff)
			}
			if diff := want.Body.check(got.Messages[i].Body); diff != "" {
				t.Errorf("%s: body %d %s", row.ID, i, diff)
			}
			if l := got.Lengths()[i]; l != (Lengths{want.Subject.Len, want.Body.Len}) {
				t.Errorf("%s: lengths %d are %v", row.ID, i, l)
			}
		}
	}
}

func TestPlanMessages(t *testing.T) {
	for _, test := range []struct {
		name string
		n    Notification
		r    urlspec.Reading
		want event.Message
	}{
		{"zero reading is text with the title on top", Notification{Title: "T", Body: "b"},
			urlspec.Reading{}, event.Message{Body: "T\r\nb"}},
		{"subject takes the title, unconverted", Notification{Title: "<b>", Body: "<b>x", InputFormat: "html"},
			urlspec.Reading{Subject: true}, event.Message{Subject: "<b>", Body: "x"}},
		{"a title of blanks is none", Notification{Title: " \u2028\x1c", Body: "b"},
			urlspec.Reading{}, event.Message{Body: "b"}},
		{"a body of blanks is sent, and empty", Notification{Body: " \t\u00a0"},
			urlspec.Reading{}, event.Message{}},
		{"zero width space is no blank", Notification{Body: "b\u200b \ufeff"},
			urlspec.Reading{}, event.Message{Body: "b\u200b \ufeff"}},
		{"a title of marks is dropped in markdown", Notification{Title: " ## - ", Body: "b", InputFormat: "markdown"},
			urlspec.Reading{Format: "markdown"}, event.Message{Body: "b"}},
		{"formats in any case, unknown is text", Notification{Body: "a b", InputFormat: "rtf"},
			urlspec.Reading{Format: "HTML"}, event.Message{Body: "a&nbsp;b"}},
		{"escapes come before the conversion", Notification{Body: `a\x20b`, InterpretEscapes: true},
			urlspec.Reading{Format: "html"}, event.Message{Body: "a&nbsp;b"}},
		{"emojis come after the escapes", Notification{Body: `\x3asmile:`, InterpretEscapes: true},
			urlspec.Reading{Emojis: true}, event.Message{Body: "😄"}},
		{"emojis come before the conversion", Notification{Body: ":+1:"},
			urlspec.Reading{Emojis: true, Format: "markdown"}, event.Message{Body: "👍"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := For(t.Context(), test.n, test.r)
			if !got.Accepted || len(got.Messages) != 1 || got.Messages[0] != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestPlanMessagesRefused(t *testing.T) {
	for _, test := range []struct {
		n    Notification
		want string
	}{
		{Notification{}, reasonNothing},
		{Notification{Title: "T"}, reasonNoBody},
		{Notification{Title: "T", Body: "<p></p>", InputFormat: "html"}, reasonVanished},
		{Notification{Body: "\\\n", InterpretEscapes: true}, reasonVanished},
		{Notification{Body: `\ud83d`, InterpretEscapes: true}, reasonHalfRune},
		{Notification{Title: `\udc00`, Body: "b", InterpretEscapes: true}, reasonHalfRune},
	} {
		got := For(t.Context(), test.n, urlspec.Reading{})
		if got.Accepted || got.Reason != test.want || len(got.Messages) > 0 {
			t.Errorf("%+v: got %+v, want the reason %q", test.n, got, test.want)
		}
	}
}

func ExampleFor() {
	batch := For(context.Background(),
		Notification{Title: "Backup", Body: "done :tada:"},
		urlspec.Reading{Subject: true, Emojis: true, Overflow: "split"},
	)
	for _, m := range batch.Messages {
		fmt.Printf("%q %q\n", m.Subject, m.Body)
	}
	fmt.Println(batch.Lengths(), "of", batch.Limits)
	// Output:
	// "Backup" "done 🎉"
	// [{6 6}] of {250 32768}
}
