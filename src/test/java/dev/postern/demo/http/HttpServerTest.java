package dev.postern.demo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpServerTest {
  private final HttpServer server = HttpServer.start(0, HttpServerTest::echo, Clock.systemUTC());

  private static Reply echo(HttpRequest request) {
    String body = request.method() + " " + request.target() + " " + request.text();
    return Reply.Response.text(200, "text/plain", body);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String send(String bytes) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void requests_pipelined_getResponsesInOrder() throws IOException {
    String response =
        send(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
                + "FOO /3 HTTP/1.1\r\nConnection: close\r\n\r\n");
    assertThat(response.indexOf("GET /1")).isPositive();
    assertThat(response.indexOf("POST /2 abc")).isGreaterThan(response.indexOf("GET /1"));
    assertThat(response.indexOf("FOO /3")).isGreaterThan(response.indexOf("POST /2"));
  }

  @Test
  void request_chunkedBody_isRead() throws IOException {
    String head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    String response = send(head + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
    assertThat(response).endsWith("POST / abcde");
  }

  @Test
  void request_headersBelowTheLimit_areAccepted() throws IOException {
    String large = "x".repeat(1_000_000);
    String response = send("GET / HTTP/1.1\r\nX: " + large + "\r\nConnection: close\r\n\r\n");
    assertThat(response).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void request_headersAboveOneMebibyte_is431() throws IOException {
    String large = "x".repeat(1 << 20);
    String response = send("GET / HTTP/1.1\r\nX: " + large + "\r\n\r\n");
    assertThat(response)
        .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n")
        .endsWith("431 Request Header Fields Too Large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nX: a\u0001b\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nbad name: x\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"
      })
  void request_malformed_isABare400(String request) throws IOException {
    assertThat(send(request))
        .isEqualTo(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Connection: close\r\n\r\n400 Bad Request");
  }

  @Test
  void suspend_thenResume_refusesAndServesOnTheSamePort() throws IOException {
    HttpRequest request = new HttpRequest("GET", "/", List.of(), new byte[0], server.address());
    try (HttpClient client = new HttpClient(server.address(), Duration.ofSeconds(5))) {
      assertThat(client.send(request).status()).isEqualTo(200);
      server.suspend();
      assertThatThrownBy(() -> client.send(request)).isInstanceOf(ConnectException.class);
      server.resume();
      assertThat(client.send(request).text()).isEqualTo("GET / ");
    }
  }

  @Test
  void client_keptConnectionThatBroke_sendsTheRequestAgain() throws IOException {
    HttpRequest request = new HttpRequest("GET", "/", List.of(), new byte[0], server.address());
    try (HttpClient client = new HttpClient(server.address(), Duration.ofSeconds(5))) {
      assertThat(client.send(request).status()).isEqualTo(200);
      server.suspend();
      server.resume();
      assertThat(client.send(request).status()).isEqualTo(200);
    }
  }

  @Test
  void start_onAnAddress_listensThereAlone() throws IOException {
    InetAddress other = InetAddress.ofLiteral("127.0.0.2");
    try (HttpServer there =
        HttpServer.start(
            new InetSocketAddress(other, 0), HttpServerTest::echo, Clock.systemUTC())) {
      assertThat(there.address()).isEqualTo(new InetSocketAddress(other, there.port()));
      try (Socket socket = new Socket(other, there.port())) {
        assertThat(socket.isConnected()).isTrue();
      }
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), there.port()).close())
          .isInstanceOf(ConnectException.class);
    }
  }
}
