package dev.postern.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Field;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests with forged identities or forged forwarded headers, from clients that Traefik's entry
/// point trusts and from others.
@NeedsTraefik
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginAttacksIT {
  /// All characters except letters and digits that a header name may contain (RFC 9110).
  private static final String SEPARATORS = "-_.!#$%&'*+^`|~";

  private static final String FORGED = "forged-value";

  private final PluginStage stage = new PluginStage();

  @BeforeAll
  void start(@TempDir Path directory) {
    stage.start(
        directory.resolve("traefik"),
        List.of("strict", "trusting, forwardedHeaders: { insecure: true }"),
        """
        http:
          middlewares:
            standard: { plugin: { postern: { address: "%1$s" } } }
            believing: { plugin: { postern: { address: "%1$s", trustForwardHeader: true } } }
          routers:
            standard: { rule: "Host(`standard.test`)", middlewares: [standard], service: app }
            believing: { rule: "Host(`believing.test`)", middlewares: [believing], service: app }
        """
                .formatted(stage.url())
            + stage.service());
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  private static List<String> forgedLines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < SEPARATORS.length(); i++) {
      char separator = SEPARATORS.charAt(i);
      for (String name : List.of("X-authentik-uid", "x-authentik-groups", "X-AUTHENTIK-META-APP")) {
        lines.add(name.replace('-', separator) + ": " + FORGED);
        lines.add(name.replace('-', separator) + ": " + FORGED);
        lines.add("X" + separator + name.substring(2) + ": " + FORGED);
      }
      if (separator != '-') {
        for (String name : List.of("Host", "Uri", "Method", "Proto", "For", "Prefix")) {
          lines.add(("X-Forwarded-" + name).replace('-', separator) + ": " + FORGED);
        }
        lines.add("X-Real-Ip".replace('-', separator) + ": " + FORGED);
      }
    }
    lines.add("X-Forwarded-Uri: /outpost.goauthentik.io/sign_out?" + FORGED);
    lines.add("X-Forwarded-Method: " + FORGED);
    return lines;
  }

  @ParameterizedTest
  @CsvSource({"strict, standard", "trusting, standard", "strict, believing", "trusting, believing"})
  void request_withEverythingForged_passesNoForgedIdentityOn(String entryPoint, String router)
      throws Exception {
    List<String> lines = forgedLines();
    lines.add("Host: " + router + ".test");
    lines.add("X-Forwarded-Host: " + FORGED);
    lines.add("Connection: close, X-Authentik-Uid, X-Forwarded-Uri, X-Forwarded-Host");

    RawMessage question = question(entryPoint, RawHttp.request("POST", "/page?a=b", lines));

    assertThat(question.values("X-Forwarded-Host")).containsExactly(router + ".test");
    assertThat(question.values("X-Forwarded-Uri")).containsExactly("/page?a=b");
    assertThat(question.values("X-Forwarded-Method")).containsExactly("POST");
    assertThat(question.values("X-Forwarded-Proto")).containsExactly("http");
    assertThat(question.values("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(question.fields()).noneMatch(field -> field.value().contains(FORGED));
    assertThat(question.fields()).noneMatch(PluginAttacksIT::isIdentity);
    RawMessage served = stage.takeApplicationRequests().getFirst();
    assertThat(served.fields().stream().filter(PluginAttacksIT::isIdentity))
        .containsExactlyInAnyOrder(
            new Field("X-Authentik-Uid", "sub-alice"), new Field("X-Authentik-Username", "alice"));
    assertThat(served.fields())
        .filteredOn(field -> field.value().contains(FORGED))
        .as("believed by the entry point, not by the plugin")
        .isEqualTo(
            entryPoint.equals("trusting")
                ? List.of(new Field("X-Forwarded-Host", FORGED))
                : List.of());
  }

  @ParameterizedTest
  @CsvSource({"strict, standard", "trusting, standard", "strict, believing"})
  void addressAndScheme_ofAPeerNotBelieved_areWhatTraefikSees(String entryPoint, String router)
      throws Exception {
    RawMessage question = question(entryPoint, withAddress(router));

    assertThat(question.values("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(question.values("X-Forwarded-Proto")).containsExactly("http");
    assertThat(question.values("X-Forwarded-Port")).containsExactly("80");
  }

  @ParameterizedTest
  @CsvSource("trusting, believing")
  void addressAndScheme_ofABelievedPeer_arePassedOnWithItsOwnAddress(
      String entryPoint, String router) throws Exception {
    RawMessage question = question(entryPoint, withAddress(router));

    assertThat(question.values("X-Forwarded-For")).containsExactly("192.0.2.1, 127.0.0.1");
    assertThat(question.values("X-Forwarded-Proto")).containsExactly("https");
    assertThat(question.values("X-Forwarded-Port")).containsExactly("8443");
  }

  private static String withAddress(String router) {
    return RawHttp.get(
        "/",
        "Host: " + router + ".test",
        "X-Forwarded-For: 192.0.2.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 8443",
        "Connection: close");
  }

  private RawMessage question(String entryPoint, String request) throws Exception {
    stage.takeAuthRequests();
    stage.takeApplicationRequests();
    assertThat(stage.send(entryPoint, request).status()).isEqualTo(200);
    List<RawMessage> asked = stage.takeAuthRequests();
    assertThat(asked).hasSize(1);
    return asked.getFirst();
  }

  private static boolean isIdentity(Field field) {
    String plain = field.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    return plain.startsWith("x-authentik-");
  }
}
