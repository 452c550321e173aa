package traefik

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// defaultPath is where authentik's outpost, and so Postern, answers Traefik.
const defaultPath = "/outpost.goauthentik.io/auth/traefik"

// Config is the block below `plugin.postern` in Traefik's dynamic configuration. Its option names are
// those of ForwardAuth.
type Config struct {
	// Address is Postern's URL. The default path is the one of authentik's outpost.
	Address string `json:"address,omitempty"`
	// TLS applies to addresses that begin with https.
	TLS TLS `json:"tls,omitempty"`
	// Timeout limits a check, from connecting to the last byte of the response: a Go duration, or a
	// number of seconds.
	Timeout string `json:"timeout,omitempty"`
	// TrustForwardHeader takes the client's address, scheme and port from the headers that the entry
	// point passed, for a Traefik behind another proxy. Host, method and URI are never taken from there.
	TrustForwardHeader bool `json:"trustForwardHeader,omitempty"`
	// AuthRequestHeaders, if not empty, lists the only client headers that Postern gets.
	AuthRequestHeaders []string `json:"authRequestHeaders,omitempty"`
	// AuthResponseHeaders lists headers of an allow that the application gets besides X-authentik-*.
	AuthResponseHeaders []string `json:"authResponseHeaders,omitempty"`
	// MaxResponseBodySize limits the body of a response, in bytes.
	MaxResponseBodySize int64 `json:"maxResponseBodySize,omitempty"`
}

// TLS has the trusted CAs and the client certificate. Ca, Cert and Key are PEM texts or paths of PEM
// files.
type TLS struct {
	Ca                 string `json:"ca,omitempty"`
	Cert               string `json:"cert,omitempty"`
	Key                string `json:"key,omitempty"`
	ServerName         string `json:"serverName,omitempty"`
	InsecureSkipVerify bool   `json:"insecureSkipVerify,omitempty"`
}

// CreateConfig returns the defaults. Only the address has none.
func CreateConfig() *Config {
	return &Config{Timeout: "30s", MaxResponseBodySize: 1 << 20}
}

// parseAddress completes and checks the address.
func parseAddress(text string) (*url.URL, error) {
	if text == "" {
		return nil, errors.New("address is missing: write http://postern:9000")
	}
	address, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("address is no URL, write http://postern:9000: %w", err)
	}
	if address.Scheme != "http" && address.Scheme != "https" {
		return nil, fmt.Errorf("address %q must begin with http:// or https://", text)
	}
	if address.User != nil {
		return nil, errors.New("address must not hold a user name or password")
	}
	if port := address.Port(); address.Hostname() == "" || !validPort(port) {
		return nil, fmt.Errorf("address %q needs a host, and a port from 1 to 65535 if any", text)
	}
	if address.Fragment != "" {
		return nil, fmt.Errorf("address %q must not have a fragment", text)
	}
	if address.Path == "" || address.Path == "/" {
		address.Path = defaultPath
	}
	return address, nil
}

func validPort(text string) bool {
	port, err := strconv.Atoi(text)
	return text == "" || err == nil && port > 0 && port < 65536
}

// parseTimeout reads a duration as Traefik does: a bare number means seconds.
func parseTimeout(text string) (time.Duration, error) {
	seconds, err := strconv.Atoi(text)
	timeout := time.Duration(seconds) * time.Second
	if err != nil {
		timeout, err = time.ParseDuration(text)
	}
	if err != nil || timeout <= 0 {
		return 0, fmt.Errorf("timeout %q must be a duration above zero, such as 30s", text)
	}
	return timeout, nil
}

// headerNames converts names into Go's canonical spelling.
func headerNames(option string, names []string) ([]string, error) {
	canonical := make([]string, 0, len(names))
	for _, name := range names {
		trimmed := strings.TrimSpace(name)
		if trimmed == "" || strings.ContainsAny(trimmed, " :*\t\r\n") {
			return nil, fmt.Errorf("%s: %q is no header name", option, name)
		}
		canonical = append(canonical, http.CanonicalHeaderKey(trimmed))
	}
	return canonical, nil
}
