package traefik

import (
	"net"
	"net/http"
	"strings"
)

const identityPrefix = "X-Authentik-"

// hopByHop lists headers that apply to one connection only, as in ForwardAuth.
var hopByHop = []string{
	"Connection", "Keep-Alive", "Te", "Trailers", "Transfer-Encoding", "Upgrade",
}

// dashes replaces every other special character of a header name by a dash. Applications behind CGI,
// WSGI and the like read X_authentik_uid and X.authentik.uid as X-authentik-uid.
var dashes = strings.NewReplacer(
	"_", "-", ".", "-", "!", "-", "#", "-", "$", "-", "%", "-", "&", "-", "'", "-",
	"*", "-", "+", "-", "^", "-", "`", "-", "|", "-", "~", "-",
)

// plain returns the same text for all spellings of one name.
func plain(name string) string {
	return strings.ToLower(dashes.Replace(name))
}

func isForwarded(plainName string) bool {
	return strings.HasPrefix(plainName, "x-forwarded-") ||
		plainName == "x-real-ip" || plainName == "x-scheme"
}

// traefiksOwn lists the headers that Traefik itself sets on each request, in its spelling. For Traefik's
// interpreter a lookup is cheaper than parsing the name.
var traefiksOwn = map[string]bool{
	"X-Forwarded-For": true, "X-Forwarded-Host": true, "X-Forwarded-Port": true,
	"X-Forwarded-Proto": true, "X-Forwarded-Server": true, "X-Real-Ip": true,
}

// removeForged removes what a client must not set: identities in every spelling, other spellings of
// the headers that Traefik sets, and the two headers that only a forward-auth request has.
func removeForged(header http.Header) {
	for name := range header {
		if name[0] != 'X' && name[0] != 'x' || traefiksOwn[name] {
			continue
		}
		dashed := dashes.Replace(name)
		lower := strings.ToLower(dashed)
		if strings.HasPrefix(lower, "x-authentik-") || dashed != name && isForwarded(lower) {
			delete(header, name)
		}
	}
	delete(header, "X-Forwarded-Uri")
	delete(header, "X-Forwarded-Method")
}

// removeSpellings removes every spelling of the names, which must be in the form that plain returns.
func removeSpellings(header http.Header, plainNames map[string]bool) {
	for name := range header {
		if plainNames[plain(name)] {
			delete(header, name)
		}
	}
}

func removeHopByHop(header http.Header) {
	for _, line := range header["Connection"] {
		for _, name := range strings.Split(line, ",") {
			header.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hopByHop {
		delete(header, name)
	}
}

// questionHeader builds the header of a forward-auth request from a cleaned client request.
func (g *gate) questionHeader(req *http.Request) http.Header {
	header := req.Header.Clone()
	removeHopByHop(header)
	if !g.trustForwardHeader {
		removeForwarded(header)
	}
	if len(g.requestHeaders) > 0 {
		g.keepAsked(header)
	}
	if _, sent := header["User-Agent"]; !sent && g.asked("User-Agent") {
		header["User-Agent"] = []string{""} // or Go would add its own
	}
	describe(header, req)
	return header
}

// removeForwarded removes the headers about the client. Other spellings are already removed.
func removeForwarded(header http.Header) {
	for name := range header {
		if (name[0] == 'X' || name[0] == 'x') && (traefiksOwn[name] || isForwarded(strings.ToLower(name))) {
			delete(header, name)
		}
	}
}

// keepAsked removes the client's headers that Postern must not get.
func (g *gate) keepAsked(header http.Header) {
	for name := range header {
		if !g.asked(name) && !isForwarded(strings.ToLower(name)) {
			delete(header, name)
		}
	}
}

// asked tells whether Postern gets a header of the client.
func (g *gate) asked(name string) bool {
	return len(g.requestHeaders) == 0 || g.requestHeaders[name]
}

// describe adds the properties of the request that Traefik sees.
func describe(header http.Header, req *http.Request) {
	proto, port := "http", "80"
	if req.TLS != nil {
		proto, port = "https", "443"
	}
	if _, hostPort, err := net.SplitHostPort(req.Host); err == nil && hostPort != "" {
		port = hostPort
	}
	if ip, _, err := net.SplitHostPort(req.RemoteAddr); err == nil {
		before := header["X-Forwarded-For"]
		header.Set("X-Forwarded-For", strings.Join(append(before, ip), ", "))
	}
	setIfAbsent(header, "X-Forwarded-Proto", proto)
	setIfAbsent(header, "X-Forwarded-Port", port)
	header.Set("X-Forwarded-Method", req.Method)
	header.Set("X-Forwarded-Uri", req.URL.RequestURI())
	header.Set("X-Forwarded-Host", req.Host)
}

func setIfAbsent(header http.Header, name, value string) {
	if _, present := header[name]; !present {
		header.Set(name, value)
	}
}
