package dev.postern.demo.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares the auth request with byte images of Traefik's, as far as the demo has its options.
final class AuthRequestTest {
  @TestFactory
  Stream<DynamicTest> of_imagesOfTraefik_areReproduced() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream file =
        Objects.requireNonNull(
            AuthRequestTest.class.getResourceAsStream("/vectors/forwardauth-wire-derived.json"))) {
      for (JsonNode image : new JsonMapper().readTree(file).path("cases")) {
        boolean ours =
            image.path("authRequestHeaders").isEmpty()
                && !image.path("preserveRequestMethod").asBoolean()
                && !image.path("entryPointTrustsClient").asBoolean()
                && !image.path("trustForwardHeader").asString().equals("nil");
        if (ours) {
          String name = image.path("trustForwardHeader").asString() + " " + tests.size();
          tests.add(DynamicTest.dynamicTest(name, () -> compare(image)));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThanOrEqualTo(4);
    return tests.stream();
  }

  private static void compare(JsonNode image) throws IOException {
    String proto = image.path("tls").asBoolean() ? "https" : "http";
    HttpRequest client =
        parse(image.path("client").asString(), image.path("remoteAddr").asString());
    HttpRequest received = EntryPoint.receive(client, proto, "PROXYHOSTNAME");
    boolean trust = image.path("trustForwardHeader").asString().equals("true");
    HttpRequest question = AuthRequest.of(received, "AUTHHOST", "/verify?x=1", trust, proto);
    StringBuilder wire = new StringBuilder("GET /verify?x=1 HTTP/1.1\r\n");
    question
        .headers()
        .forEach(h -> wire.append(h.name()).append(": ").append(h.value()).append("\r\n"));
    // Go's client offers gzip by itself; the demo's does not.
    String expected =
        image.path("wire").asString().replace("Accept-Encoding: gzip\r\n\r\n", "\r\n");
    assertThat(wire.append("\r\n").toString()).isEqualTo(expected);
  }

  private static HttpRequest parse(String text, String remote) throws IOException {
    String[] lines = text.split("\r\n", -1);
    String[] start = lines[0].split(" ", -1);
    List<Header> headers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.add(
            new Header(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
      }
    }
    int colon = remote.lastIndexOf(':');
    String host = remote.substring(0, colon).replaceAll("[\\[\\]]|%.*", "");
    InetAddress address = InetAddress.getAllByName(host)[0];
    int port = Integer.parseInt(remote.substring(colon + 1));
    return new HttpRequest(
        start[0], start[1], headers, new byte[0], new InetSocketAddress(address, port));
  }
}
