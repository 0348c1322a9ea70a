package urlspec

// origins says where the values of the assembly come from.
func (r *resolved) origins() Origins {
	if r.faults.has(notURL) {
		return Origins{}
	}
	user := part(FromPart, r.user)
	if p := r.written("user"); p != nil {
		user = p.origin()
	}
	host := part(FromPart, r.host)
	o := Origins{
		Local:    user,
		Domain:   part(FromHost, r.host),
		Password: r.passwordOrigin(),
		Host:     host,
		Port:     Origin{Source: FromMode},
		Mode:     part(FromScheme, r.scheme),
		TCPHost:  part(FromHost, r.host),
		Nick:     user,
	}
	if user.Source == FromPart {
		o.Nick.Source = FromUser
	}
	if r.login.domain != "" {
		o.Domain = user
		if user.Source == FromPart {
			o.Domain.Source = FromUser
		}
	}
	if r.portSet && r.port.value != 0 {
		o.Port = part(FromPart, r.lexed.port)
		if r.portParam != nil {
			o.Port = r.portParam.origin()
		}
	}
	if r.modeParam != nil && !r.modeOverruled() {
		o.Mode = r.modeParam.origin()
	}
	if r.serverParam != nil {
		o.TCPHost = r.serverParam.origin()
	}
	if r.nickParam != nil {
		o.Nick = r.nickParam.origin()
	}
	return o
}

func part(source Source, m mapped) Origin {
	if m.s == "" {
		return Origin{Source: source}
	}
	return Origin{Source: source, Start: m.start(), End: m.end()}
}

func (p *Param) origin() Origin {
	return Origin{Source: FromParam, Param: p.Name, Start: p.ValueStart, End: p.ValueEnd}
}

func (r *resolved) passwordOrigin() Origin {
	for _, name := range [...]string{"pass", "password"} {
		if p := r.written(name); p != nil {
			return p.origin()
		}
	}
	switch {
	case r.hasPass:
		return part(FromPart, r.password)
	case r.secretInUser:
		return part(FromPart, r.user)
	}
	return Origin{}
}

// modeOverruled is true when xmpps keeps STARTTLS although mode= says none.
func (r *resolved) modeOverruled() bool {
	if !r.secure || r.modeParam == nil {
		return false
	}
	m, ok := matchMode(r.modeParam.Value)
	return ok && m == ModeNone
}
