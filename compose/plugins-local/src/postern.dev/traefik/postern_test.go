package traefik

import (
	"crypto/tls"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestParseAddressCompletesIt(t *testing.T) {
	for text, want := range map[string]string{
		"http://postern:9000":           "http://postern:9000" + defaultPath,
		"https://postern/":              "https://postern" + defaultPath,
		"http://[::1]:9000":             "http://[::1]:9000" + defaultPath,
		"http://postern/api/verify?a=b": "http://postern/api/verify?a=b",
	} {
		address, err := parseAddress(text)
		if err != nil || address.String() != want {
			t.Errorf("%s: %v, %v", text, address, err)
		}
	}
}

func TestParseAddressRefusesWhatCannotBeAsked(t *testing.T) {
	for _, text := range []string{
		"", "postern:9000", "//postern", "/auth", "ftp://postern", "http://", "http://:9000",
		"http://postern:0", "http://postern:65536", "http://postern:x", "http://[::1",
		"http://alice:secret@postern", "http://postern/#a", "http://postern\n",
	} {
		if address, err := parseAddress(text); err == nil {
			t.Errorf("%q became %s", text, address)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is in %q", err)
		}
	}
}

func TestParseTimeout(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "5": 5 * time.Second, "250ms": 250 * time.Millisecond,
	} {
		if got, err := parseTimeout(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-1s", "soon"} {
		if got, err := parseTimeout(text); err == nil {
			t.Errorf("%q became %v", text, got)
		}
	}
}

func TestRemoveForgedKnowsEverySpelling(t *testing.T) {
	header := http.Header{"X-Forwarded-Host": {"kept"}, "Cookie": {"kept"}, "X_list": {"kept"}}
	for _, separator := range "-_.!#$%&'*+^`|~" {
		for _, name := range []string{"x authentik uid", "X AUTHENTIK META APP", "X Authentik X"} {
			spelled := strings.ReplaceAll(name, " ", string(separator))
			header[http.CanonicalHeaderKey(spelled)] = []string{"forged"}
			header[spelled] = []string{"forged"}
		}
		if separator != '-' {
			header["X"+string(separator)+"Forwarded-Host"] = []string{"forged"}
			header["X-Real"+string(separator)+"Ip"] = []string{"forged"}
		}
	}
	header["X-Forwarded-Uri"] = []string{"forged"}
	header["X-Forwarded-Method"] = []string{"forged"}

	removeForged(header)

	if len(header) != 3 {
		t.Errorf("left: %v", header)
	}
}

func TestTransportsAreSharedAndBounded(t *testing.T) {
	pool := &transportPool{byKey: map[string]*http.Transport{}}
	first := pool.get("first", &tls.Config{})
	for i := 0; i < 100; i++ {
		pool.get(strconv.Itoa(i), &tls.Config{})
		if i%8 == 0 && pool.get("first", &tls.Config{}) != first {
			t.Fatal("a transport in use was forgotten")
		}
	}
	if len(pool.byKey) != maxTransports || len(pool.order) != maxTransports {
		t.Errorf("%d transports, %d keys", len(pool.byKey), len(pool.order))
	}
}
