package dev.postern.demo.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpClient;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.HttpServer;
import dev.postern.demo.http.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The front proxy between a client, a recording auth server and a recording service.
final class FrontProxyTest {
  private final BlockingQueue<HttpRequest> questions = new LinkedBlockingQueue<>();
  private final BlockingQueue<HttpRequest> served = new LinkedBlockingQueue<>();
  private volatile Reply verdict = new Reply.Response(200, List.of(), new byte[0]);
  private final HttpServer auth = HttpServer.start(0, this::judge, Clock.systemUTC());
  private final HttpServer backend = HttpServer.start(0, this::serve, Clock.systemUTC());
  private FrontProxy proxy = start(false);

  private Reply judge(HttpRequest request) {
    questions.add(request);
    return verdict;
  }

  private Reply serve(HttpRequest request) {
    served.add(request);
    return Reply.Response.text(200, "text/plain", "served " + request.text());
  }

  private FrontProxy start(boolean trust) {
    ForwardAuth middleware =
        new ForwardAuth(auth.address(), "/verify?x=1", trust, List.of("X-User", "X-Groups"));
    Site site = Site.guarded("app.test", this::toBackend, middleware);
    return FrontProxy.start(
        0,
        List.of(site, Site.open("open.test", this::toBackend)),
        _ -> new Reply.Response(404, List.of(), new byte[0]));
  }

  private Reply toBackend(HttpRequest request) throws InterruptedException {
    return proxy.passTo(backend.address()).handle(request);
  }

  @AfterEach
  void close() {
    proxy.close();
    auth.close();
    backend.close();
  }

  private Reply.Response send(String method, String target, String body, String... lines)
      throws IOException {
    InetSocketAddress address = proxy.address();
    List<Header> headers = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(": ");
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 2)));
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    headers.add(new Header("Content-Length", Integer.toString(bytes.length)));
    try (HttpClient client = new HttpClient(address, Duration.ofSeconds(10))) {
      return client.send(new HttpRequest(method, target, headers, bytes, address));
    }
  }

  @Test
  void question_untrusting_describesTheRequestAsThisProxySeesIt() throws IOException {
    send(
        "POST",
        "/p?q=1",
        "body",
        "Host: app.test:81",
        "Cookie: a=b",
        "Cookie: c=d",
        "X-Forwarded-Uri: /evil",
        "X_Forwarded_Host: evil",
        "Connection: x-drop",
        "X-Drop: 1");
    HttpRequest question = questions.remove();
    assertThat(question.method()).isEqualTo("GET");
    assertThat(question.target()).isEqualTo("/verify?x=1");
    assertThat(question.header("Host")).isEqualTo("127.0.0.1:" + auth.port());
    assertThat(question.header("X-Forwarded-Method")).isEqualTo("POST");
    assertThat(question.header("X-Forwarded-Proto")).isEqualTo("http");
    assertThat(question.header("X-Forwarded-Host")).isEqualTo("app.test:81");
    assertThat(question.header("X-Forwarded-Uri")).isEqualTo("/p?q=1");
    assertThat(question.header("X-Forwarded-Port")).isEqualTo("81");
    assertThat(question.header("X-Forwarded-For")).isEqualTo("127.0.0.1");
    assertThat(Headers.all(question.headers(), "Cookie")).containsExactly("a=b", "c=d");
    for (String absent : List.of("X-Real-Ip", "X_Forwarded_Host", "X-Drop", "Content-Length")) {
      assertThat(Headers.has(question.headers(), absent)).as(absent).isFalse();
    }
  }

  @Test
  void question_trusting_keepsWhatTheEntryPointWrote() throws IOException {
    proxy.close();
    proxy = start(true);
    send("GET", "/", "", "Host: app.test", "X-Forwarded-Host: evil.test");
    HttpRequest question = questions.remove();
    assertThat(Headers.all(question.headers(), "X-Forwarded-Host")).containsExactly("app.test");
    assertThat(question.header("X-Real-Ip")).isEqualTo("127.0.0.1");
    assertThat(question.header("X-Forwarded-Server")).isNotEmpty();
    assertThat(question.header("X-Forwarded-Port")).isEqualTo("80");
  }

  @Test
  void allow_listedHeaders_replaceThoseOfTheClient() throws IOException {
    verdict =
        new Reply.Response(
            200,
            List.of(
                new Header("X-User", "alice"),
                new Header("X-User", "second"),
                new Header("X-Other", "no"),
                new Header("Set-Cookie", "s=1")),
            new byte[0]);
    Reply.Response response =
        send("POST", "/", "hi", "Host: app.test", "X-User: mallory", "X-Groups: admins");
    assertThat(response.text()).isEqualTo("served hi");
    assertThat(Headers.has(response.headers(), "Set-Cookie")).isFalse();
    HttpRequest request = served.remove();
    assertThat(Headers.all(request.headers(), "X-User")).containsExactly("alice", "second");
    assertThat(Headers.has(request.headers(), "X-Groups")).isFalse();
    assertThat(Headers.has(request.headers(), "X-Other")).isFalse();
    assertThat(request.header("Host")).isEqualTo("app.test");
  }

  @Test
  void deny_statusHeadersAndBody_areRelayed() throws IOException {
    verdict =
        new Reply.Response(
            403,
            List.of(
                new Header("Set-Cookie", "a=1; Path=/"),
                new Header("Set-Cookie", "b=2; Path=/"),
                new Header("WWW-Authenticate", "Basic"),
                new Header("Keep-Alive", "timeout=5"),
                new Header("Location", "/login?x=y")),
            "no".getBytes(StandardCharsets.UTF_8));
    Reply.Response response = send("GET", "/", "", "Host: app.test");
    assertThat(response.status()).isEqualTo(403);
    assertThat(response.text()).isEqualTo("no");
    assertThat(Headers.all(response.headers(), "Set-Cookie"))
        .containsExactly("a=1; Path=/", "b=2; Path=/");
    assertThat(response.header("WWW-Authenticate")).isEqualTo("Basic");
    assertThat(response.header("Location"))
        .isEqualTo("http://127.0.0.1:" + auth.port() + "/login?x=y");
    assertThat(Headers.has(response.headers(), "Keep-Alive")).isFalse();
    assertThat(Headers.all(response.headers(), "Content-Length")).containsExactly("2");
    assertThat(Headers.all(response.headers(), "Date")).hasSize(1);
    assertThat(served).isEmpty();
  }

  @Test
  void authServer_notThere_isAnEmpty500() throws IOException {
    auth.suspend();
    Reply.Response response = send("GET", "/", "", "Host: app.test");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).isEmpty();
    assertThat(served).isEmpty();
  }

  @Test
  void outpostPaths_goToTheAuthServerWithoutAQuestion() throws IOException {
    verdict = Reply.Response.text(200, "text/plain", "start");
    Reply.Response response =
        send("GET", "/outpost.goauthentik.io/start?rd=x", "", "Host: APP.test");
    assertThat(response.text()).isEqualTo("start");
    HttpRequest passed = questions.remove();
    assertThat(passed.target()).isEqualTo("/outpost.goauthentik.io/start?rd=x");
    assertThat(passed.header("Host")).isEqualTo("APP.test");
    assertThat(passed.header("X-Forwarded-Host")).isEqualTo("APP.test");
    assertThat(questions).isEmpty();
  }

  @Test
  void hosts_unknownAndOpen_causeNoAuthRequest() throws IOException {
    assertThat(send("GET", "/", "", "Host: other.test").status()).isEqualTo(404);
    assertThat(send("GET", "/", "", "Host: open.test").text()).isEqualTo("served ");
    assertThat(questions).isEmpty();
  }
}
