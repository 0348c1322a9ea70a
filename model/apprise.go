package model

// Verdict is what Apprise 2.1.0 would have made of the same situation.
type Verdict struct {
	// WouldReport is "success" or "failure".
	WouldReport string `json:"would_report"`
	// WouldDeliver says whether every message would really go out.
	WouldDeliver bool   `json:"would_deliver"`
	Because      string `json:"because"`
}

// Apprise predicts what Apprise 2.1.0 would have reported in this situation;
// known is false when the run says too little to tell.
func (r *Run) Apprise() (verdict Verdict, known bool) {
	return Verdict{}, false
}
