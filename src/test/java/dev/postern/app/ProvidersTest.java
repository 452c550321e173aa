package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.AuthentikProvider;
import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.ProvidersConfig.FileProvider;
import dev.postern.config.ProvidersConfig.PathKind;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.routing.Routes;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
  @TempDir private Path files;

  @Test
  void start_secondSourceThatFails_closesTheFirst() {
    Path missing = files.resolve("missing.pem");
    Set<Thread> before = watchers();
    var config =
        new ProvidersConfig(
            new FileProvider(files, PathKind.DIRECTORY, true, DefaultRuleSyntax.V3),
            null,
            new AuthentikProvider(
                Endpoint.of("https://127.0.0.1:1"),
                new Secret("token"),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                new ClientTls(missing, null, null, null, false)));
    var routes = new Routes(Duration.ofMinutes(1), InstantSource.system(), new RoutesListener() {});
    var parts =
        new Providers.Parts(
            routes, new Known(Duration.ofMinutes(1), null), Map.of(), System::nanoTime);
    assertThatThrownBy(() -> Providers.start(config, parts))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing.toString());
    assertThat(routes.states()).as("the first source had started").hasSize(1);
    Await.until(
        "no thread watches rules", Duration.ofSeconds(20), () -> before.containsAll(watchers()));
  }

  private static Set<Thread> watchers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("postern-rules"))
        .collect(Collectors.toCollection(HashSet::new));
  }
}
