package traefik

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	// maxTransports limits the transports of earlier configurations that are kept.
	maxTransports = 16
	// maxIdle is the maximum number of idle connections to one Postern.
	maxIdle = 256
)

// transports survives configuration changes: Traefik creates every middleware again at each change,
// which must not close the connections.
var transports = &transportPool{byKey: map[string]*http.Transport{}}

type transportPool struct {
	mutex sync.Mutex
	byKey map[string]*http.Transport
	// order holds the keys, the most recently used one last.
	order []string
}

// get returns the transport for these settings. The least recently used transport above the limit
// closes its idle connections and is removed.
func (p *transportPool) get(key string, config *tls.Config) *http.Transport {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	transport := p.byKey[key]
	if transport == nil {
		transport = newTransport(config)
		p.byKey[key] = transport
	}
	order := []string{}
	for _, other := range p.order {
		if other != key {
			order = append(order, other)
		}
	}
	p.order = append(order, key)
	if len(p.order) > maxTransports {
		oldest := p.order[0]
		p.byKey[oldest].CloseIdleConnections()
		delete(p.byKey, oldest)
		p.order = p.order[1:]
	}
	return transport
}

// newTransport neither follows redirects nor decompresses nor goes through a proxy.
func newTransport(config *tls.Config) *http.Transport {
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		// A method value does not work in Traefik's interpreter.
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
}

// client reads the files and returns the TLS settings and a key that changes with their content.
func (t TLS) client() (*tls.Config, string, error) {
	config := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         t.ServerName,
		InsecureSkipVerify: t.InsecureSkipVerify,
	}
	ca, err := pemText("tls.ca", t.Ca)
	if err != nil {
		return nil, "", err
	}
	cert, err := pemText("tls.cert", t.Cert)
	if err != nil {
		return nil, "", err
	}
	key, err := pemText("tls.key", t.Key)
	if err != nil {
		return nil, "", err
	}
	if ca != "" {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM([]byte(ca)) {
			return nil, "", errors.New("tls.ca holds no certificate in PEM form")
		}
	}
	if (cert == "") != (key == "") {
		return nil, "", errors.New("tls.cert and tls.key must come together")
	}
	if cert != "" {
		pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
		if err != nil {
			return nil, "", fmt.Errorf("tls.cert and tls.key: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	all := fmt.Sprintf("%q %q %q %q %t", ca, cert, key, t.ServerName, t.InsecureSkipVerify)
	sum := sha256.Sum256([]byte(all))
	return config, hex.EncodeToString(sum[:]), nil
}

// pemText returns PEM text unchanged, and otherwise the content of the file with that path.
func pemText(option, text string) (string, error) {
	if text == "" || strings.Contains(text, "-----BEGIN ") {
		return text, nil
	}
	content, err := os.ReadFile(text)
	if err != nil {
		return "", fmt.Errorf("%s is neither PEM text nor a file that can be read: %w", option, err)
	}
	return string(content), nil
}
