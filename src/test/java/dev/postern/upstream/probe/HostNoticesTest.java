package dev.postern.upstream.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLines;
import dev.postern.testing.CapturedLog;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Problems with a host are logged once per host, whichever client causes them.
class HostNoticesTest {
  /// docs/design/authentik.md section 1.5
  private static final String NO_APP =
      "{\n\t\"Message\": \"no app for hostname\",\n\t\"Host\": \"a.test\",\n\t\"Detail\": \"…\"\n}";

  private final CapturedLog log = CapturedLog.of(HostNotices.class.getName());
  private Verdict next = other(400, NO_APP);
  private final HostNotices notices = new HostNotices((_, done) -> done.accept(next));

  @AfterEach
  void stop() {
    log.close();
  }

  private static UpstreamResponse answer(int status, String body) {
    return new UpstreamResponse(status, HeaderLines.of(List.of()), body.getBytes(ISO_8859_1));
  }

  private static Verdict other(int status, String body) {
    return new Verdict.Other(answer(status, body));
  }

  private void ask(String host) {
    ForwardedRequest request =
        new ForwardedRequest(
            "GET",
            "/",
            "",
            HeaderLines.of(List.of()),
            "GET",
            "https",
            host,
            "/",
            ForwardedRequest.Form.SOUND);
    AtomicReference<Verdict> got = new AtomicReference<>();
    notices.check(
        new VerdictSource.Call(request, false, "192.0.2.1", VerdictSource.Deadline.at(0)),
        got::set);
    assertThat(got.get()).as("relayed unchanged").isSameAs(next);
  }

  @Test
  void noApplication_isLoggedOnceForEachHostWithTheFix() {
    ask("a.test");
    ask("a.test");
    ask("b.test");
    assertThat(log.lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("WARN authentik has no application for the host"))
        .allMatch(line -> line.contains("external host") && line.contains("outpost"));
    assertThat(log.lines().get(0)).contains("\"a.test\"");
    assertThat(log.lines().get(1)).contains("\"b.test\"");
  }

  @Test
  void notFound_ofTheEmbeddedOutpost_isLogged() {
    next = other(404, "<html>");
    ask("a.test");
    assertThat(log.lines()).singleElement().asString().contains("404", "a.test", "upstream.url");
  }

  @Test
  void configurationError_isLogged() {
    next =
        new Verdict.Unavailable(answer(500, "configuration error"), Verdict.Fault.UPSTREAM_ERROR);
    ask("a.test");
    assertThat(log.lines()).singleElement().asString().contains("a.test", "X-Forwarded-Proto");
  }

  @Test
  void otherResponses_areNotLogged() {
    for (Verdict verdict :
        List.of(
            other(400, ""),
            other(429, NO_APP),
            other(200, ""),
            new Verdict.Deny(answer(403, NO_APP)),
            new Verdict.Unavailable(answer(503, "starting"), Verdict.Fault.UPSTREAM_ERROR),
            Verdict.Unavailable.because(Verdict.Fault.CONNECT))) {
      next = verdict;
      ask("a.test");
    }
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void inventedHosts_areLimitedAndCannotForgeLines() {
    for (int i = 0; i < 1000; i++) {
      ask("x\n" + i + "y".repeat(10_000));
    }
    assertThat(log.lines())
        .hasSize(HostNotices.MAX_NOTICES)
        .allMatch(line -> line.length() < 600 && !line.contains("\n"));
  }
}
