package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.Cli;
import dev.postern.config.Problem;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.testing.Certificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every file that makes `serve` fail is found by `validate`.
class NeededFilesTest {
  private static final String AUTHS = "entryPoints.auths.http.tls.";

  @TempDir Path directory;

  @BeforeEach
  void write() throws Exception {
    Certificates.Pair pair = Certificates.selfSigned(directory, "a");
    Files.writeString(directory.resolve("a.crt"), pair.certPem());
    Files.writeString(directory.resolve("a.key"), pair.keyPem());
    Files.writeString(directory.resolve("empty"), "");
    Files.createDirectory(directory.resolve("rules"));
  }

  private StaticConfig config(String keys) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--upstream.url=https://127.0.0.1:9",
                "--stateDirectory=" + directory.resolve("state"),
                "--entryPoints.admin.address=127.0.0.1:0",
                "--entryPoints.auths.address=127.0.0.1:0"));
    Stream.of(keys.split(" ", -1))
        .filter(key -> !key.isEmpty())
        .forEach(key -> flags.add("--" + key.replace("=@", "=" + directory + "/")));
    return switch (new StaticConfigLoader(Map.of()).load(flags)) {
      case Loaded<StaticConfig>(var config, _) -> config;
      case Refused<StaticConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  private List<String> found(String keys) {
    return NeededFiles.problems(config(keys)).stream().map(Problem::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        AUTHS + "certFile=@none " + AUTHS + "keyFile=@a.key",
        AUTHS + "certFile=@a.crt " + AUTHS + "keyFile=@none",
        AUTHS + "certFile=@a.key " + AUTHS + "keyFile=@a.key",
        AUTHS
            + "clientAuth.clientAuthType=VerifyClientCertIfGiven "
            + AUTHS
            + "clientAuth.caFiles=@empty",
        "upstream.tls.ca=@none",
        "upstream.tls.cert=@a.crt upstream.tls.key=@none",
        "feeds.websocket.endpoint=https://127.0.0.1:9 feeds.websocket.token=x"
            + " feeds.websocket.outpost=6c0d3c62-0000-4000-8000-000000000001"
            + " feeds.websocket.tls.ca=@none",
        "providers.traefik.endpoint=https://127.0.0.1:9 providers.traefik.tls.ca=@rules",
        "providers.authentik.endpoint=https://127.0.0.1:9 providers.authentik.token=x"
            + " providers.authentik.tls.ca=@empty",
      })
  void problems_ofAFileThatFailsTheStart_haveTheSameMessage(String keys) {
    List<String> found = found(keys);
    assertThat(found).hasSize(1);
    assertThatThrownBy(() -> Sidecar.start(config(keys)).close())
        .isInstanceOf(StartException.class)
        .hasMessage(found.getFirst());
  }

  @Test
  void problems_ofSeveralFiles_areAllReported() {
    assertThat(
            found(AUTHS + "certFile=@no.crt " + AUTHS + "keyFile=@no.key upstream.tls.ca=@no.ca"))
        .hasSize(3)
        .satisfiesExactly(
            one -> assertThat(one).startsWith(AUTHS + "certFile: "),
            one -> assertThat(one).startsWith(AUTHS + "keyFile: "),
            one -> assertThat(one).startsWith("upstream.tls.ca: "));
  }

  @Test
  void problems_ofFilesThatCanBeUsed_areNone() {
    assertThat(
            found(
                AUTHS
                    + "certFile=@a.crt "
                    + AUTHS
                    + "keyFile=@a.key upstream.tls.ca=@a.crt providers.file.directory=@rules"))
        .isEmpty();
    assertThat(found("upstream.tls.ca=@none upstream.tls.insecureSkipVerify=true"))
        .as("not read by serve either")
        .isEmpty();
  }

  @Test
  void problems_ofMissingRules_areReported() {
    Path none = directory.resolve("none");
    String missing =
        " cannot be read: there is no such file; create it, or mount it into the container";
    assertThat(found("providers.file.directory=@none"))
        .containsExactly("providers.file.directory: " + none + missing);
    assertThat(found("providers.file.filename=@none"))
        .containsExactly("providers.file.filename: " + none + missing);
    assertThat(found("providers.file.directory=@a.crt"))
        .singleElement()
        .asString()
        .contains("is not a directory; use providers.file.filename for a file");
    assertThat(found("providers.file.filename=@rules"))
        .singleElement()
        .asString()
        .contains("is a directory; use providers.file.directory for it");
  }

  @Test
  void validate_ofAConfigurationWithMissingFiles_exitsOne() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("postern.yml"),
            "upstream: { url: \"https://a\", tls: { ca: /no/such/ca } }\n");
    StringWriter err = new StringWriter();
    int code =
        new Cli(
                Map.of(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                _ -> {
                  throw new StartException("nothing is started here");
                })
            .run("validate", file.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "postern: the configuration has a problem:",
            "  upstream.tls.ca: /no/such/ca cannot be read: there is no such file; create it, or"
                + " mount it into the container");
  }
}
