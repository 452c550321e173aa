package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.server.observe.PeerNotices;
import dev.postern.testing.CapturedLog;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An upstream that is a proxy which sends everything back to Postern.
class LoopTest {
  @TempDir Path state;
  private final CapturedLog log = CapturedLog.of(PeerNotices.class.getName());
  private final AtomicInteger asked = new AtomicInteger();
  private final RawServer proxy = RawServer.start(this::leadBack);
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern = Sidecar.start(PosternConfig.of(proxy.url(), state).build());
  }

  @AfterEach
  void stop() {
    postern.close();
    proxy.close();
    log.close();
  }

  private void leadBack(RawMessage request, RawServer.Connection connection) throws IOException {
    asked.incrementAndGet();
    String fields =
        request.fields().stream().map(field -> field + "\r\n").collect(Collectors.joining());
    RawMessage response =
        RawHttp.once(postern.authPort(), request.startLine() + "\r\n" + fields + "\r\n");
    connection.write(
        response.startLine()
            + "\r\nContent-Type: text/plain\r\nContent-Length: "
            + response.body().length()
            + "\r\n\r\n"
            + response.body());
  }

  @Test
  void loopedRequest_isRefusedAtOnceAndLogged() throws IOException {
    for (String target : new String[] {RecordingUpstream.AUTH, "/outpost.goauthentik.io/start"}) {
      asked.set(0);
      RawMessage response =
          RawHttp.once(
              postern.authPort(),
              RawHttp.get(
                  target,
                  "Host: postern",
                  "X-Forwarded-Method: GET",
                  "X-Forwarded-Proto: https",
                  "X-Forwarded-Host: app.example.test",
                  "X-Forwarded-Uri: /"));
      assertThat(response.status()).isEqualTo(508);
      assertThat(response.body()).isEqualTo("upstream.url leads back to Postern.\n");
      assertThat(asked).hasValue(1);
    }
    assertThat(log.lines()).singleElement().asString().contains("upstream.url leads back");
  }
}
