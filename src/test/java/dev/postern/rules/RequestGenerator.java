package dev.postern.rules;

import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.RuleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Generates requests from the same few words as the rules, so that they often match.
final class RequestGenerator {
  static final List<String> HOSTS =
      List.of(
          "a.example.com",
          "example.com",
          "b.a.example.com",
          "localhost",
          "example.com.",
          "A.Example.COM",
          "example.com:8080",
          "10.0.0.1",
          "[::1]",
          "[::1]:80",
          "a_b.example.com",
          "xn--9t9h.com",
          "a:",
          "a:x",
          "::1",
          "a:1:2",
          "%41.example.com",
          ".example.com",
          "a.example.com..",
          "*.example.com",
          "localhost.",
          "[fe80::1%25eth0]",
          "1.2.3.4:80");
  static final List<String> PATHS =
      List.of(
          "/",
          "/a",
          "/a/",
          "/a/b",
          "/a/../b",
          "/a//b",
          "/./a",
          "/a%2Fb",
          "/a%2fb",
          "/a%20b",
          "/%61",
          "/{a}/..%2Fb",
          "/a'b",
          "/a'b{",
          "/a%27b",
          "/caf%C3%A9",
          "/caf%c3%a9",
          "/%FF",
          "/a|b",
          "/a%7Cb",
          "/a%25b",
          "/a;b",
          "/api/v1/items",
          "/api/v2",
          "/API",
          "//a",
          "/a/.",
          "/a/..",
          "/%2e%2e/a",
          "/a+b",
          "/a%2Bb",
          "/a:b@c",
          "/[a]",
          "/a%5Bb",
          "/css-12/x",
          "/\u00FFraw",
          "/a\"b",
          "/a\\b",
          "/%00",
          "/%zz",
          "/%a",
          "/a#b",
          "/a%0Ab");
  static final List<String> QUERIES =
      List.of(
          "",
          "",
          "",
          "?",
          "?a",
          "?a=",
          "?a=b",
          "?a=b&a=c",
          "?b=x%20y",
          "?b=x+y",
          "?a=%zz&c=1",
          "?a;b=1",
          "?%61=b",
          "?a=caf%C3%A9",
          "?a=b=c",
          "?A=b",
          "?c=1&&a=B",
          "?a=%FF",
          "?{k}=b");
  static final List<String> METHODS = List.of("GET", "GET", "POST", "PUT", "get", "DELETE", "X-A");
  static final List<String> HEADER_NAMES =
      List.of("X-A", "x-a", "X-B", "X_A", "Accept", "X-Forwarded-Proto", "X-Real-Ip", "X-c-D");
  static final List<String> HEADER_VALUES =
      List.of("1", "b", "https", "a, b", "B", "x/y", "\u00E9", "10.0.0.1", "curl/8");
  static final List<String> PEERS =
      List.of("10.0.0.1", "10.1.2.3", "192.168.1.7", "127.0.0.1", "fd00::1", "2001:db8::5", "::1");

  private final Random random;

  RequestGenerator(Random random) {
    this.random = random;
  }

  WireRequest next() {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      headers.add(Map.entry(pick(HEADER_NAMES), pick(HEADER_VALUES)));
    }
    boolean usual = random.nextInt(3) > 0;
    String host = usual ? HOSTS.get(random.nextInt(4)) : pick(HOSTS);
    String path = usual ? PATHS.get(random.nextInt(5)) : pick(PATHS);
    return new WireRequest(pick(METHODS), path + pick(QUERIES), host, headers, pick(PEERS));
  }

  /// A request and the host that it was sent to.
  record Sent(String host, RuleRequest request) {}

  /// A request as Traefik's routers see it, to any host.
  Sent to(String host) {
    String path = PATHS.get(random.nextInt(5));
    String value = pick(HEADER_VALUES);
    String peer = pick(PEERS);
    return new Sent(
        host,
        new RuleRequest(
            pick(METHODS), host, null, path, "a=b", _ -> List.of(value), IpAddress.ofPeer(peer)));
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
