// Package traefik is a middleware plugin for Traefik that sends a check to Postern for every request,
// as ForwardAuth does. It reuses its connections, and removes clients' identity headers in every
// spelling.
package traefik

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// clientClosedRequest is the status that Traefik logs when a client did not wait.
const clientClosedRequest = 499

// maxBodySize is the largest value of maxResponseBodySize: a response is held in memory.
const maxBodySize = 1 << 30

type gate struct {
	next               http.Handler
	name               string
	address            *url.URL
	transport          *http.Transport
	timeout            time.Duration
	trustForwardHeader bool
	maxBody            int64
	requestHeaders     map[string]bool
	responseHeaders    []string
	responseSpellings  map[string]bool
	complaints         complaints
}

// New creates the middleware. On an error Traefik disables the routers that use it.
func New(_ context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	g, err := newGate(config)
	if err != nil {
		return nil, fmt.Errorf("postern plugin, middleware %s: %w", name, err)
	}
	g.next = next
	g.name = name
	return g, nil
}

func newGate(config *Config) (*gate, error) {
	address, err := parseAddress(config.Address)
	if err != nil {
		return nil, err
	}
	if address.Scheme == "http" && config.TLS != (TLS{}) {
		return nil, fmt.Errorf("tls is set, but address %q is http", config.Address)
	}
	timeout, err := parseTimeout(config.Timeout)
	if err != nil {
		return nil, err
	}
	if config.MaxResponseBodySize < 0 || config.MaxResponseBodySize > maxBodySize {
		return nil, fmt.Errorf("maxResponseBodySize must be from 0 to %d: there is always a bound", maxBodySize)
	}
	asked, err := headerNames("authRequestHeaders", config.AuthRequestHeaders)
	if err != nil {
		return nil, err
	}
	copied, err := headerNames("authResponseHeaders", config.AuthResponseHeaders)
	if err != nil {
		return nil, err
	}
	tlsConfig, key, err := config.TLS.client()
	if err != nil {
		return nil, err
	}
	g := &gate{
		address:            address,
		transport:          transports.get(address.Scheme+"://"+address.Host+" "+key, tlsConfig),
		timeout:            timeout,
		trustForwardHeader: config.TrustForwardHeader,
		maxBody:            config.MaxResponseBodySize,
		requestHeaders:     map[string]bool{},
		responseSpellings:  map[string]bool{},
	}
	for _, name := range asked {
		g.requestHeaders[name] = true
	}
	for _, name := range copied {
		if !strings.HasPrefix(name, identityPrefix) { // those are copied anyway
			g.responseHeaders = append(g.responseHeaders, name)
			g.responseSpellings[plain(name)] = true
		}
	}
	return g, nil
}

// ServeHTTP lets a request through only after a complete response with a status from 200 to 299.
func (g *gate) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	removeForged(req.Header)
	ctx, cancel := context.WithTimeout(req.Context(), g.timeout)
	defer cancel()
	answer, body, err := g.ask(ctx, req)
	if err != nil {
		g.fail(rw, req, err)
		return
	}
	if int64(len(body)) > g.maxBody {
		g.complaints.tell("%s: the answer of %s (status %d) is larger than maxResponseBodySize (%d bytes); the client got 401",
			g.name, g.address, answer.StatusCode, g.maxBody)
		rw.WriteHeader(http.StatusUnauthorized)
		return
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		g.refuse(rw, answer, body)
		return
	}
	g.identify(req.Header, answer.Header)
	req.RequestURI = req.URL.RequestURI() // the URI that Postern has checked
	g.next.ServeHTTP(rw, req)
}

// ask returns the response and its body, of which it reads at most one byte more than the limit.
func (g *gate) ask(ctx context.Context, req *http.Request) (*http.Response, []byte, error) {
	// Built without parsing the address again.
	question := (&http.Request{
		Method: http.MethodGet,
		URL:    g.address,
		Host:   g.address.Host,
		Header: g.questionHeader(req),
	}).WithContext(ctx)
	answer, err := g.transport.RoundTrip(question)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode < 200 {
		return nil, nil, fmt.Errorf("status %d is no verdict", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, g.maxBody+1))
	return answer, body, err
}

func (g *gate) fail(rw http.ResponseWriter, req *http.Request, err error) {
	if errors.Is(req.Context().Err(), context.Canceled) {
		rw.WriteHeader(clientClosedRequest)
		return
	}
	g.complaints.tell("%s: no verdict from %s, the client got 500: %v", g.name, g.address, err)
	rw.WriteHeader(http.StatusInternalServerError)
}

// refuse relays a response. A relative Location refers to Postern's address, as with ForwardAuth.
func (g *gate) refuse(rw http.ResponseWriter, answer *http.Response, body []byte) {
	location, err := answer.Location()
	if err != nil && !errors.Is(err, http.ErrNoLocation) {
		g.complaints.tell("%s: %s sent a Location that is no URL, the client got 500: %v", g.name, g.address, err)
		rw.WriteHeader(http.StatusInternalServerError)
		return
	}
	header := rw.Header()
	for name, values := range answer.Header {
		header[name] = append(header[name], values...)
	}
	for _, name := range hopByHop {
		delete(header, name)
	}
	if location != nil {
		header.Set("Location", location.String())
	}
	rw.WriteHeader(answer.StatusCode)
	if _, err := rw.Write(body); err != nil {
		return // the client is gone
	}
}

// identify sets the identity headers of the response on the request to the application. Without a user
// the path is public, and none are set.
func (g *gate) identify(header, answer http.Header) {
	if answer.Get("X-Authentik-Uid") != "" {
		for name, values := range answer {
			if strings.HasPrefix(name, identityPrefix) {
				header[name] = values
			}
		}
	}
	if len(g.responseHeaders) == 0 {
		return
	}
	removeSpellings(header, g.responseSpellings)
	for _, name := range g.responseHeaders {
		if values := answer[name]; len(values) > 0 {
			header[name] = values
		}
	}
}

// complaints writes at most one line a second to Traefik's log, however many requests fail.
type complaints struct {
	mutex sync.Mutex
	last  time.Time
}

func (c *complaints) tell(format string, args ...interface{}) {
	now := time.Now()
	c.mutex.Lock()
	due := now.Sub(c.last) >= time.Second
	if due {
		c.last = now
	}
	c.mutex.Unlock()
	if due {
		log.Printf("postern plugin, middleware "+format, args...)
	}
}
