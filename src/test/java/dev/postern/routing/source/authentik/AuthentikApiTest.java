package dev.postern.routing.source.authentik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.config.ProvidersConfig.AuthentikProvider;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoApplication.BasicAuth;
import dev.postern.demo.core.DemoApplication.Mode;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.net.Endpoint;
import dev.postern.routing.Routes;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.source.ApiPolling;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// authentik's API as the demo identity provider serves it.
class AuthentikApiTest {
  private static final String TOKEN = "api-token-Zx9";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<ProviderState> states = new LinkedBlockingQueue<>();
  private final Routes routes =
      new Routes(
          Duration.ofSeconds(60),
          InstantSource.system(),
          new RoutesListener() {
            @Override
            public void attempted(ProviderState state) {
              states.add(state);
            }
          });

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private DemoIdentityProvider provider(DemoApplication... applications) {
    var builder = DemoIdentityProvider.builder().apiToken(TOKEN);
    List.of(applications).forEach(builder::application);
    DemoIdentityProvider provider = builder.start();
    open.add(provider);
    return provider;
  }

  private ApiPolling poll(int port, String token) throws IOException {
    AuthentikProvider config =
        new AuthentikProvider(
            Endpoint.of("http://127.0.0.1:" + port),
            new Secret(token),
            Duration.ofHours(1),
            Duration.ofSeconds(20),
            ClientTls.STANDARD);
    ApiPolling polling =
        AuthentikApi.start(config, new ApiPolling.Setup(routes, System::nanoTime, new Random(1)));
    open.add(polling);
    return polling;
  }

  private ApiPolling poll(DemoIdentityProvider provider) throws IOException {
    return poll(provider.address().getPort(), TOKEN);
  }

  private ProviderState next() throws InterruptedException {
    ProviderState state = states.poll(60, TimeUnit.SECONDS);
    assertThat(state).as("a report").isNotNull();
    assertThat(String.valueOf(state)).doesNotContain(TOKEN);
    return state;
  }

  private List<ApplicationDefinition> applications(DemoIdentityProvider provider) throws Exception {
    poll(provider);
    ProviderState state = next();
    assertThat(state.problems()).isEmpty();
    return state.snapshot().applications();
  }

  @Test
  void providers_ofEveryMode_areApplications() throws Exception {
    var applications =
        applications(
            provider(
                DemoApplication.individual("whoami", "https://whoami.domain.tld")
                    .withAccessTokenValidity(Duration.ofHours(24)),
                DemoApplication.catchAll("everything", "https://auth.domain.tld", ".domain.tld"),
                proxied("proxied")));
    assertThat(applications)
        .extracting(
            ApplicationDefinition::name,
            ApplicationDefinition::kind,
            ApplicationDefinition::claim,
            ApplicationDefinition::ttl,
            ApplicationDefinition::slug,
            ApplicationDefinition::audience,
            ApplicationDefinition::share)
        .containsExactly(
            tuple(
                "whoami",
                Kind.INDIVIDUAL,
                new Claim.OneHost("whoami.domain.tld"),
                Duration.ofHours(24),
                "whoami",
                "cid-whoami",
                false),
            tuple(
                "everything",
                Kind.CATCH_ALL,
                new Claim.Domain("domain.tld"),
                Duration.ofHours(1),
                "everything",
                "cid-everything",
                false),
            tuple(
                "proxied",
                Kind.INDIVIDUAL,
                new Claim.OneHost("proxied.domain.tld"),
                Duration.ofHours(1),
                "proxied",
                "cid-proxied",
                false));
  }

  private static DemoApplication proxied(String slug) {
    return new DemoApplication(
        slug,
        slug + " provider",
        "https://" + slug + ".domain.tld",
        Mode.PROXY,
        "",
        "",
        "cid-" + slug,
        Duration.ofHours(1),
        true,
        new BasicAuth(false, "", ""),
        false);
  }

  @Test
  void details_ofAProvider_tellItsCookieAndWhatElseDecides() throws Exception {
    DemoIdentityProvider provider =
        provider(
            DemoApplication.individual("whoami", "https://whoami.domain.tld")
                .withSkipPathRegex("^/public"));
    String cookie = cookieName(provider);
    assertThat(applications(provider))
        .singleElement()
        .satisfies(one ->
            assertThat(one.details())
                .containsEntry("cookieName", cookie)
                .containsEntry("skipPathRegex", "^/public")
                .containsEntry("externalHost", "https://whoami.domain.tld")
                .containsEntry("outposts", "authentik Embedded Outpost")
                .doesNotContainKey("basicAuth"));
  }

  /// The name that the outpost itself uses.
  private static String cookieName(DemoIdentityProvider provider) {
    provider.core().putUser(DemoUser.of("ada", "pw", "Ada", "ada@domain.tld", List.of()));
    String cookie = provider.login("whoami.domain.tld", "ada", "pw");
    return cookie.substring(0, cookie.indexOf('='));
  }

  @Test
  void providers_ofSeveralPages_areAllRead() throws Exception {
    DemoApplication[] many = new DemoApplication[250];
    for (int i = 0; i < many.length; i++) {
      many[i] = DemoApplication.individual("app-" + i, "https://app-" + i + ".domain.tld");
    }
    assertThat(applications(provider(many)))
        .extracting(ApplicationDefinition::name)
        .containsExactly(List.of(many).stream().map(DemoApplication::slug).toArray(String[]::new));
  }

  @Test
  void provider_withoutApplication_isNotServedAndNotTaken() throws Exception {
    DemoApplication unassigned = DemoApplication.individual("", "https://free.domain.tld");
    assertThat(applications(provider(unassigned))).isEmpty();
  }

  @Test
  void change_ofOpenPaths_makesAnotherGeneration() throws Exception {
    DemoApplication whoami = DemoApplication.individual("whoami", "https://whoami.domain.tld");
    DemoIdentityProvider provider = provider(whoami.withSkipPathRegex("^/public"));
    ApiPolling polling = poll(provider);
    next();
    long before = routes.table().generation();
    polling.reload();
    next();
    assertThat(routes.table().generation()).as("nothing has changed").isEqualTo(before);
    provider.core().putApplication(whoami);
    polling.reload();
    next();
    assertThat(routes.table().generation()).isGreaterThan(before);
  }

  @Test
  void token_thatIsWrong_isReportedWithTheFix() throws Exception {
    poll(provider().address().getPort(), "wrong");
    assertThat(next().problems())
        .singleElement()
        .asString()
        .startsWith(
            "providers.authentik: authentik refuses the credentials for /api/v3/providers/proxy/")
        .contains("(403); check providers.authentik.token: it must have the intent API")
        .contains("authentik_providers_proxy.view_proxyprovider");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"results\":[]}",
        "{\"pagination\":{\"next\":\"2\"},\"results\":[]}",
        "{\"pagination\":{\"next\":0}}",
        "{\"pagination\":{\"next\":0},\"results\":{}}",
      })
  void response_thatIsNoPage_isReported(String body) throws Exception {
    RawServer server =
        RawServer.start((request, connection) ->
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
    open.add(server);
    poll(server.port(), TOKEN);
    assertThat(next().problems())
        .singleElement()
        .asString()
        .contains("is JSON, but not a page of authentik's API; check that")
        .contains("not a standalone outpost");
  }
}
