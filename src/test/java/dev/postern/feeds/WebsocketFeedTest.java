package dev.postern.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.tls.ClientTls;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.idp.OutpostSockets.SessionEndForm;
import dev.postern.testing.Await;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The feed with the demo's identity provider.
class WebsocketFeedTest extends FeedFixture {
  private DemoIdentityProvider provider() {
    return closing(DemoIdentityProvider.builder().outpost(ID, TOKEN).start());
  }

  @ParameterizedTest
  @EnumSource(
      value = SessionEndForm.class,
      names = {"INSTRUCTION_4", "INSTRUCTION_3", "BOTH"})
  void sessionEnd_inEitherForm_isReceived(SessionEndForm form) throws IOException {
    DemoIdentityProvider provider = provider();
    WebsocketFeed feed = feed(provider.address().getPort());
    awaitConnected(feed);
    provider.sockets().sessionEndForm(form);
    provider.sockets().sessionEnded("some-sid");
    awaitHappened("SESSION_END", form == SessionEndForm.BOTH ? 2 : 1);
    assertThat(feed.status().lastEvent()).isNotNull();
    assertThat(provider.sockets().hellos()).as("not an outpost instance").isEmpty();
  }

  @Test
  void update_isReceived() throws IOException {
    DemoIdentityProvider provider = provider();
    awaitConnected(feed(provider.address().getPort()));
    provider.sockets().triggerUpdate();
    awaitHappened("UPDATE", 1);
    assertThat(watched.happened).containsSubsequence("connected", "revoked", "UPDATE");
  }

  @Test
  void sessionEnds_hundredThousand_areAllReceived() throws IOException {
    DemoIdentityProvider provider = provider();
    WebsocketFeed feed = feed(provider.address().getPort());
    awaitConnected(feed);
    for (int i = 0; i < 100_000; i++) {
      provider.sockets().sessionEnded("sid-" + i);
    }
    Await.until("all heard", LIMIT, () -> watched.sessionEnds.get() == 100_000);
    assertThat(feed.status().state()).isEqualTo("connected");
  }

  @Test
  void disconnect_byTheServer_revokesAndReconnects() throws IOException {
    DemoIdentityProvider provider = provider();
    WebsocketFeed feed = feed(provider.address().getPort());
    awaitConnected(feed);
    provider.sockets().disconnect(1001);
    awaitHappened("connected", 2);
    assertThat(watched.happened)
        .containsExactly(
            "revoked",
            "revoked",
            "connected",
            "revoked",
            "lost",
            "reconnecting",
            "revoked",
            "connected");
    assertThat(feed.status().lastError()).as("the error is over").isNull();
    assertThat(feed.status().reconnects()).isOne();
  }

  @Test
  void server_thatComesLater_isFound() throws IOException {
    int port;
    try (DemoIdentityProvider gone = DemoIdentityProvider.builder().outpost(ID, TOKEN).start()) {
      port = gone.address().getPort();
    }
    WebsocketFeed feed = feed(port);
    assertThat(awaitError(feed)).contains("127.0.0.1:" + port + " refuses connections");
    closing(DemoIdentityProvider.builder().outpost(ID, TOKEN).ports(port, 0).start());
    awaitConnected(feed);
  }

  @Test
  void token_wrong_isReportedWithoutIt() throws IOException {
    int port = provider().address().getPort();
    WebsocketFeed feed = feed("http://127.0.0.1:" + port, ID, "hunter2", ClientTls.STANDARD);
    assertThat(awaitError(feed)).contains("refuses the token (403)").doesNotContain("hunter2");
    assertThat(watched.happened).doesNotContain("connected");
  }

  @Test
  void outpost_wrong_isReported() throws IOException {
    int port = provider().address().getPort();
    String other = ID.replace('6', '7');
    assertThat(awaitError(feed("http://127.0.0.1:" + port, other, TOKEN, ClientTls.STANDARD)))
        .contains("no such outpost (404)");
  }

  @Test
  void name_unknown_isReported() throws IOException {
    assertThat(awaitError(feed("http://nowhere.invalid", ID, TOKEN, ClientTls.STANDARD)))
        .contains("cannot be resolved: nowhere.invalid");
  }

  @Test
  void close_endsTheConnectionForGood() throws IOException {
    DemoIdentityProvider provider = provider();
    WebsocketFeed feed = feed(provider.address().getPort());
    awaitConnected(feed);
    feed.close();
    assertThat(watched.happened).endsWith("connected", "revoked", "lost");
    Await.until("gone", LIMIT, () -> provider.sockets().connections() == 0);
    assertThat(watched.happened).doesNotContain("reconnecting");
  }
}
