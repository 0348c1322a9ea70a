//go:build paths

package pathtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lab is the laboratory while a test runs.
type lab struct {
	folder   string
	roots    *x509.CertPool
	ca       string // its file
	resolver *resolver
}

// The domains of the servers. What is not among them is served nowhere.
var (
	old = []string{"split.lab", "apex.lab", "dead4.lab", "dead6.lab", "dead4live6.lab", "refused6.lab", "noroute6.lab",
		"late.lab", "stranger.lab", "strangertls.lab", "strangerweb.lab", "several.lab", "port0.lab", "iptarget.lab",
		"short", "inhosts", "plan.lab", "livefirst.lab", "declines-clear.lab"}
	current = []string{"alpn.lab", "sslh.lab", "sni.lab", "ends.lab", "stunnel.lab", "header.lab", "demands.lab",
		"odd.lab", "p13.lab", "down.lab", "mutual.lab", "muxends.lab"}
	ejabberd23 = []string{"e23.lab"}
	ejabberd26 = []string{"e26.lab", "ends26.lab"}
)

// server is what the templates know of one program.
type server struct {
	Dir, Zone, Address, Address6 string
	Domains                      []string
	// Certificate, Key and both in one; the web's; and the authority's.
	Certificate, Key, Full, Web, WebKey, CA string
	// Certificates with their keys that Go cannot use.
	Ed448, PSS, Negative string
}

// startLab starts everything. It takes about three seconds.
func startLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{folder: t.TempDir(), roots: x509.NewCertPool()}
	authority := l.newAuthority(t)
	all := append(append(append([]string{}, old...), current...), append(ejabberd23, ejabberd26...)...)
	base := server{Dir: l.folder, CA: l.ca}
	base.Certificate, base.Key, base.Full = authority.issue(t, "server", all...)
	web, webKey, webFull := authority.issue(t, "web", "web.lab", "webonly.lab")
	base.Web, base.WebKey = webFull, webKey
	foreign, foreignKey, foreignFull := authority.issue(t, "foreign", "e23.lab")

	base.Ed448 = authority.odd(t, "ed448", "1", "-algorithm", "ed448")
	base.PSS = authority.odd(t, "pss", "1", "-algorithm", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048")
	base.Negative = authority.odd(t, "negative", "-1", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")

	zone, err := filepath.Abs(inModule("testdata", "paths", "lab.zone"))
	if err != nil {
		t.Fatal(err)
	}
	dns := base
	dns.Zone = zone
	run(t, nil, []string{knotAddress}, "knotd", "-c", render(t, l.folder, "knot.conf", dns))
	l.resolver = startResolver(t)

	l.prosody(t, base, "prosody", "prosody-old", "198.51.100.12", "2001:db8:1::12", old)
	newer := inModule(".cache", "servers", "prosody")
	newer, _ = filepath.Abs(newer)
	l.prosody(t, base, newer, "prosody-new", "198.51.100.13", "", current)
	stranger := base
	stranger.Certificate, stranger.Key, stranger.Full = foreign, foreignKey, foreignFull
	l.ejabberd(t, stranger, "", "198.51.100.20", ejabberd23)
	servers, _ := filepath.Abs(inModule(".cache", "servers"))
	l.ejabberd(t, base, servers, "198.51.100.26", ejabberd26)

	nginx := base
	nginx.Web = web
	run(t, nil, []string{"198.51.100.80:443", "198.51.100.81:443", "198.51.100.47:443", "198.51.100.48:5223"}, "nginx",
		"-e", "stderr", "-c", render(t, l.folder, "nginx.conf", nginx))
	run(t, nil, []string{"198.51.100.45:5223", "198.51.100.46:5227"}, "haproxy", "-db", "-f",
		render(t, l.folder, "haproxy.cfg", base))
	run(t, nil, []string{"198.51.100.49:443"}, "sslh", "-F"+render(t, l.folder, "sslh.cfg", base))
	run(t, nil, []string{"198.51.100.51:5223"}, "stunnel4", render(t, l.folder, "stunnel.conf", base))
	run(t, nil, []string{"198.51.100.60:5230"}, "openssl", "s_server", "-nocert", "-quiet",
		"-accept", "198.51.100.60:5230")
	run(t, nil, []string{"198.51.100.70:1080"}, "microsocks", "-i", "198.51.100.70", "-p", "1080")
	run(t, nil, []string{"198.51.100.70:1081"}, "microsocks", "-i", "198.51.100.70", "-p", "1081", "-u", "u", "-P", "p")
	return l
}

// prosody starts a Prosody for some domains at an address.
func (l *lab) prosody(t *testing.T, s server, binary, name, address, address6 string, domains []string) {
	t.Helper()
	s.Dir, s.Address, s.Address6, s.Domains = filepath.Join(l.folder, name), address, address6, domains
	for _, domain := range domains {
		for _, user := range []string{"alice", "bob"} {
			folder := strings.NewReplacer(".", "%2e", "-", "%2d").Replace(domain)
			write(t, filepath.Join(s.Dir, "data", folder, "accounts", user+".dat"),
				fmt.Appendf(nil, "return { [%q] = %q };\n", "password", user+"-pw"))
		}
	}
	write(t, filepath.Join(s.Dir, "certs", "none"), nil) // it looks there first
	run(t, nil, []string{address + ":5222", address + ":5223"}, binary, "--config",
		render(t, s.Dir+"-config", "prosody.cfg.lua", s), "-F")
}

// ejabberd starts one: that of newer, a folder with its Erlang, or Debian 12's.
func (l *lab) ejabberd(t *testing.T, s server, newer, address string, domains []string) {
	t.Helper()
	s.Dir, s.Address, s.Domains = filepath.Join(l.folder, "ejabberd"+address), address, domains
	erl, libraries := "erl", ""
	if newer != "" {
		erl, libraries = filepath.Join(newer, "erl"), filepath.Join(newer, "lib")
	} else if found, _ := filepath.Glob("/usr/lib/*/ejabberd-*"); len(found) > 0 {
		libraries = filepath.Dir(found[0])
	}
	write(t, filepath.Join(s.Dir, "inetrc"), []byte(`{resolv_conf,""}. {hosts_file,""}. {lookup,[file]}.`))
	file := render(t, s.Dir, "ejabberd.yml", s)
	users := ""
	for _, domain := range domains {
		users += fmt.Sprintf(`[ok=ejabberd_auth:try_register(U,<<"%s">>,<<U/binary,"-pw">>)||U<-[<<"alice">>,<<"bob">>]],`,
			domain)
	}
	run(t, []string{"HOME=" + s.Dir, "ERL_LIBS=" + libraries, "ERL_INETRC=" + filepath.Join(s.Dir, "inetrc"),
		"EJABBERD_CONFIG_PATH=" + file, "EJABBERD_LOG_PATH=" + filepath.Join(s.Dir, "ejabberd.log"),
		"ERL_CRASH_DUMP=" + filepath.Join(s.Dir, "crash")},
		[]string{address + ":5222", address + ":5223"}, erl, "-noinput", "+K", "true", "-mnesia", "dir",
		fmt.Sprintf("%q", filepath.Join(s.Dir, "spool")), "-s", "ejabberd", "-eval", users+"ok.")
}

// authority is the one that everybody in the laboratory trusts.
type authority struct {
	lab  *lab
	cert *x509.Certificate
	key  crypto.Signer
}

func (l *lab) newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	draft := certificate("Laboratory authority")
	draft.IsCA, draft.BasicConstraintsValid, draft.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	draft.SubjectKeyId = []byte{1, 2, 3}
	der, err := x509.CreateCertificate(rand.Reader, draft, draft, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{lab: l, key: key}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	l.roots.AddCert(a.cert)
	l.ca = filepath.Join(l.folder, "ca.pem")
	write(t, l.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	a.save(t, "ca.key", key)
	return a
}

// save writes a key, and gives its text.
func (a *authority) save(t *testing.T, name string, key crypto.Signer) []byte {
	t.Helper()
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	write(t, filepath.Join(a.lab.folder, name), text)
	return text
}

// odd makes a certificate for odd.lab that Go could not make, with its key in one file.
func (a *authority) odd(t *testing.T, name, serial string, key ...string) string {
	t.Helper()
	f := foundry{t, a.lab.folder}
	file := filepath.Join(a.lab.folder, name)
	f.must(append([]string{"genpkey", "-out", file + ".key"}, key...)...)
	write(t, file+".ext", []byte("subjectAltName=DNS:odd.lab\nextendedKeyUsage=serverAuth\n"+keyIDs))
	f.must("req", "-new", "-key", file+".key", "-subj", "/CN=odd.lab", "-out", file+".csr")
	f.must("x509", "-req", "-in", file+".csr", "-CA", a.lab.ca, "-CAkey", "ca.key", "-set_serial", serial, "-days", "30",
		"-extfile", file+".ext", "-out", file+".pem")
	var both []byte
	for _, part := range []string{".pem", ".key"} {
		text, err := os.ReadFile(file + part)
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, text...)
	}
	write(t, file+"-full.pem", both)
	return file + "-full.pem"
}

// issue makes a certificate as public authorities make them: with a transparency
// timestamp (RFC 6962 3.3). It gives the files of the certificate, its key, and
// both in one.
func (a *authority) issue(t *testing.T, name string, domains ...string) (certFile, keyFile, both string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	leaf := certificate(domains[0])
	leaf.DNSNames = domains
	leaf.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	leaf.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2},
		Value: []byte{0x04, 0x02, 0x00, 0x00}}}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	secret := a.save(t, name+".key", key)
	base := filepath.Join(a.lab.folder, name)
	write(t, base+".pem", chain)
	write(t, base+"-full.pem", append(chain, secret...))
	return base + ".pem", base + ".key", base + "-full.pem"
}

func certificate(name string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	now := time.Now()
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 1, 0)}
}
