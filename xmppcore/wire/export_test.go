package wire

// Pending is the number of bytes of an element that is not complete yet.
func (d *Decoder) Pending() int { return d.pending() }
