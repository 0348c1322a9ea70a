package ui

import "testing"

// What is known of a recipient: the room, and how far the message came.
func TestRecipientDetails(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Body: "hi", Run: joined().run})
	s.press("ctrl+s", "enter")
	s.finish()
	s.press("esc", "7", "esc", "g", "enter")
	s.mustShow("Recipient", "ops@conference.example.test", "joined as pager", "participant", "status 110", "status 210",
		"reflected", "id-1")
	s.press("esc", "down", "enter")
	s.mustShow("bob@example.test", "receipt (XEP-0184)")
}
