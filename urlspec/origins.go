package urlspec

// origins says where the values of the assembly come from.
func (r *resolved) origins() Origins {
	if r.faults.has(notURL) {
		return Origins{}
	}
	user := part(FromPart, r.user)
	if _, at := r.param("user"); at >= 0 {
		user = r.paramOrigin(at)
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
		if r.portFrom >= 0 {
			o.Port = r.paramOrigin(r.portFrom)
		}
	}
	if r.modeFrom >= 0 && !r.modeOverruled() {
		o.Mode = r.paramOrigin(r.modeFrom)
	}
	if v, at := r.param("xmpp"); at >= 0 && strip(unquote(v)) != "" {
		o.TCPHost = r.paramOrigin(at)
	}
	if _, ok := r.nick(); ok {
		_, at := r.param("name")
		o.Nick = r.paramOrigin(at)
	}
	return o
}

func part(source Source, m mapped) Origin {
	if m.s == "" {
		return Origin{Source: source}
	}
	return Origin{Source: source, Start: m.start(), End: m.end()}
}

func (r *resolved) paramOrigin(at int) Origin {
	p := r.params[at]
	return Origin{Source: FromParam, Param: p.Name, Start: p.ValueStart, End: p.ValueEnd}
}

func (r *resolved) passwordOrigin() Origin {
	if at := r.passwordParam(); at >= 0 {
		return r.paramOrigin(at)
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
	if !r.secure || r.modeFrom < 0 {
		return false
	}
	m, ok := matchMode(r.params[r.modeFrom].Value)
	return ok && m == ModeNone
}
