package dev.postern.routing.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.ProvidersConfig.PathKind;
import dev.postern.routing.Router;
import dev.postern.routing.Routes;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.testing.Await;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProviderTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final FileProvider.Pace BY_EVENTS =
      new FileProvider.Pace(Duration.ofMillis(20), NEVER);
  private static final FileProvider.Pace BY_POLLING =
      new FileProvider.Pace(NEVER, Duration.ofMillis(20));

  @TempDir private Path files;
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);

  /// Thrown by the next attempt to load.
  private final AtomicReference<@Nullable Error> next = new AtomicReference<>();

  private final Routes routes =
      new Routes(
          Duration.ofMinutes(1),
          InstantSource.system(),
          new RoutesListener() {
            @Override
            public void attempted(ProviderState state) {
              Error error = next.getAndSet(null);
              if (error != null) {
                throw error;
              }
            }
          });

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  @Test
  void start_directory_givesQualifiedRoutersMiddlewaresAndApplications() throws IOException {
    write(
        "a.yml",
        """
        http:
          routers:
            app: { rule: "Host(`a.b`)", middlewares: [auth, x@docker], service: s, tls: {} }
            child: { rule: "Path(`/c`)", parentRefs: [app], service: s }
            alone: { rule: "Host(`c`)" }
            lost: { rule: "Host(`d`)", middlewares: [none], service: s }
            stray: { rule: "Host(`e`)", service: none }
            bad: { rule: "Host(", service: s }
          services: { s: { loadBalancer: { servers: [{ url: "http://a" }] } } }
          middlewares:
            auth: { chain: { middlewares: [postern] } }
            postern:
              plugin:
                postern:
                  applications:
                    one: { kind: individual, rule: "Host(`a.b`)", ttl: 30s, priority: 5, slug: one }
                    all: { kind: catchAll, cookieDomain: b, share: true }
            other: { plugin: { authentik-forward: { cacheDuration: 5m } } }
        """);
    try (var _ = start(BY_EVENTS)) {
      ProviderState state = state();
      assertThat(state.failing()).isFalse();
      assertThat(state.snapshot().routers())
          .extracting(RouterDefinition::name, RouterDefinition::refused)
          .containsExactly(
              tuple("alone@file", "it has no service"),
              tuple("app@file", ""),
              tuple("bad@file", ""),
              tuple(
                  "child@file",
                  "it has a parent router (parentRefs), and Postern uses only the parent"),
              tuple("lost@file", "its middleware \"none@file\" does not exist"),
              tuple("stray@file", "its service \"none@file\" does not exist"));
      RouterDefinition app = state.snapshot().routers().get(1);
      assertThat(app.middlewares()).containsExactly("auth@file", "x@docker");
      assertThat(app.tls()).isTrue();
      assertThat(app.origin()).isEqualTo(files.resolve("a.yml") + ":3");
      assertThat(state.snapshot().middlewares())
          .extracting(middleware -> middleware.name() + " " + middleware.kind())
          .containsExactly(
              "auth@file chain", "other@file authentik-forward", "postern@file postern");
      assertThat(state.snapshot().applications())
          .extracting(ApplicationDefinition::name, ApplicationDefinition::share)
          .containsExactly(tuple("all", true), tuple("one", false));
      assertThat(routes.table().routers())
          .filteredOn(router -> router.name().equals("bad@file"))
          .extracting(Router::refusal)
          .first()
          .asString()
          .contains("its rule is wrong at column");
    }
  }

  @Test
  void start_badApplication_refusesTheLoadAndNamesItsPlace() throws IOException {
    write("a.yml", application("kind: individul, rule: \"Host(`a`)\""));
    try (var _ = start(BY_EVENTS)) {
      assertThat(state().failing()).isTrue();
      assertThat(state().problems())
          .extracting(Object::toString)
          .containsExactly(
              files.resolve("a.yml")
                  + ":3: http.middlewares.m.plugin.postern: applications.x.kind: \"individul\" is"
                  + " neither individual nor catchAll");
    }
  }

  @Test
  void start_applicationTwice_refusesTheLoad() throws IOException {
    write("a.yml", application("kind: individual, rule: \"Host(`a`)\""));
    write(
        "b.yml", application("kind: individual, rule: \"Host(`b`)\"").replace("    m:", "    n:"));
    try (var _ = start(BY_EVENTS)) {
      assertThat(state().problems())
          .extracting(Object::toString)
          .first()
          .asString()
          .contains("b.yml:3", "is already defined at", "a.yml:3");
    }
  }

  @Test
  void start_missingDirectory_reportsAndLoadsOnceItIsThere() throws IOException {
    Path later = files.resolve("later");
    try (var _ = start(later, BY_POLLING)) {
      assertThat(state().failing()).isTrue();
      assertThat(state().problems())
          .extracting(Object::toString)
          .containsExactly(later + ": cannot be read: there is no such file");
      Files.createDirectory(later);
      Files.writeString(later.resolve("a.yml"), router("late"));
      awaitRouters("late@file");
    }
  }

  @Test
  void events_newFileRenamedFileAndDeletion_areSeen() throws IOException {
    write("a.yml", router("one"));
    try (var _ = start(BY_EVENTS)) {
      awaitRouters("one@file");
      write("b.yml", router("two"));
      awaitRouters("one@file", "two@file");
      replace("a.yml", router("three"));
      awaitRouters("three@file", "two@file");
      Files.delete(files.resolve("b.yml"));
      awaitRouters("three@file");
      Files.createDirectory(files.resolve("sub"));
      write("sub/c.yml", router("four"));
      awaitRouters("four@file", "three@file");
    }
  }

  @Test
  void events_badThenGood_keepTheLastGoodLoadBetween() throws IOException {
    write("a.yml", router("one"));
    try (var _ = start(BY_EVENTS)) {
      replace("a.yml", "http: { routers: { one: { rul: x } } }\n");
      Await.until("the load fails", LIMIT, () -> state().failing());
      awaitRouters("one@file");
      assertThat(state().problems())
          .extracting(Object::toString)
          .containsExactly(
              files.resolve("a.yml")
                  + ":1: http.routers.one.rul: is not a known key; did you mean rule?");
      replace("a.yml", router("two"));
      awaitRouters("two@file");
      assertThat(state().failing()).isFalse();
    }
  }

  @Test
  void events_manyQuickChanges_endWithTheLast() throws IOException {
    try (var _ = start(BY_EVENTS)) {
      for (int i = 0; i <= 300; i++) {
        replace("a.yml", router("r" + i));
      }
      awaitRouters("r300@file");
      assertThat(state().attempts()).isLessThan(200);
    }
  }

  @Test
  void polling_swappedLink_isSeen() throws IOException {
    Path volume = Files.createDirectory(files.resolve("..1"));
    Files.writeString(volume.resolve("a.yml"), router("old"));
    Path next = Files.createDirectory(files.resolve("..2"));
    Files.writeString(next.resolve("a.txt"), "");
    Files.createSymbolicLink(files.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(files.resolve("a.yml"), Path.of("..data/a.yml"));
    try (var _ = start(BY_POLLING)) {
      awaitRouters("old@file");
      Files.move(next.resolve("a.txt"), next.resolve("a.yml"));
      Files.writeString(next.resolve("a.yml"), router("new"));
      Files.createSymbolicLink(files.resolve("..next"), Path.of("..2"));
      Files.move(files.resolve("..next"), files.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      Files.delete(volume.resolve("a.yml"));
      awaitRouters("new@file");
    }
  }

  @Test
  void polling_contentOfTheSameSize_isSeen() throws IOException {
    write("a.yml", router("one"));
    try (var _ = start(BY_POLLING)) {
      write("a.yml", router("two"));
      awaitRouters("two@file");
    }
  }

  @Test
  void polling_vanishedDirectory_keepsTheLastGoodLoad() throws IOException {
    Path rules = Files.createDirectory(files.resolve("rules"));
    Files.writeString(rules.resolve("a.yml"), router("one"));
    try (var _ = start(rules, BY_POLLING)) {
      Files.move(rules, files.resolve("gone"));
      Await.until("the load fails", LIMIT, () -> state().failing());
      awaitRouters("one@file");
    }
  }

  @Test
  void start_lackOfMemory_isReportedAndTheWatchGoesOn() throws IOException {
    write("a.yml", router("one"));
    next.set(new OutOfMemoryError("of a test"));
    try (var _ = start(BY_POLLING)) {
      assertThat(state().failing()).isTrue();
      assertThat(state().problems())
          .extracting(Object::toString)
          .containsExactly(
              files
                  + ": cannot be read because of an unexpected error: java.lang.OutOfMemoryError:"
                  + " of a test");
      next.set(new StackOverflowError());
      write("a.yml", router("two"));
      Await.until("the second error", LIMIT, () -> next.get() == null && state().failing());
      write("a.yml", router("three"));
      awaitRouters("three@file");
      Await.until("it is well again", LIMIT, () -> !state().failing());
    }
  }

  @Test
  void polling_fileSystemThatBreaks_isTriedAgainAndAgain() throws IOException {
    FileSystem zip =
        FileSystems.newFileSystem(files.resolve("rules.zip"), Map.of("create", "true"));
    Path rules = Files.createDirectory(zip.getPath("/rules"));
    Files.writeString(rules.resolve("a.yml"), router("one"));
    try (var _ = start(rules, BY_POLLING)) {
      awaitRouters("one@file");
      zip.close();
      Await.until("it fails often", LIMIT, () -> state().failures() > 3);
      awaitRouters("one@file");
    }
  }

  @Test
  void reload_withoutWatching_loadsChanges() throws IOException {
    write("a.yml", router("one"));
    var config =
        new ProvidersConfig.FileProvider(
            files.resolve("a.yml"), PathKind.FILE, false, DefaultRuleSyntax.V2);
    try (var provider = FileProvider.start(config, parts(BY_POLLING))) {
      assertThat(state().snapshot().routers().getFirst().ruleSyntax()).isEqualTo("v2");
      write("a.yml", router("two"));
      provider.reload();
      awaitRouters("two@file");
    }
  }

  @Test
  void close_watching_loadsNoMoreChanges() throws IOException {
    write("a.yml", router("one"));
    var provider = start(new FileProvider.Pace(Duration.ofMillis(1), Duration.ofMillis(1)));
    provider.close();
    long attempts = state().attempts();
    write("a.yml", router("two"));
    provider.reload();
    assertThat(state().attempts()).isEqualTo(attempts);
  }

  private FileProvider start(FileProvider.Pace pace) {
    return start(files, pace);
  }

  private FileProvider start(Path directory, FileProvider.Pace pace) {
    return FileProvider.start(
        new ProvidersConfig.FileProvider(directory, PathKind.DIRECTORY, true, DefaultRuleSyntax.V3),
        parts(pace));
  }

  private FileProvider.Setup parts(FileProvider.Pace pace) {
    return new FileProvider.Setup(
        routes, Map.of(), new Known(Duration.ofMinutes(1), null), scheduler, pace);
  }

  private ProviderState state() {
    return routes.states().getFirst();
  }

  private void awaitRouters(String... names) {
    List<String> expected = List.of(names);
    Await.until(
        "routers " + expected,
        LIMIT,
        () ->
            state().snapshot().routers().stream()
                .map(RouterDefinition::name)
                .sorted()
                .toList()
                .equals(expected));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(files.resolve(name), text);
  }

  /// Replaces a file as editors do.
  private void replace(String name, String text) throws IOException {
    Path written = Files.writeString(files.resolve(name + "~"), text);
    Files.move(
        written,
        files.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static String router(String name) {
    return """
    http:
      routers: { %s: { rule: "Host(`a`)", service: s } }
      services: { s: { loadBalancer: { servers: [{ url: "http://a" }] } } }
    """
        .formatted(name);
  }

  private static String application(String settings) {
    return """
    http:
      middlewares:
        m: { plugin: { postern: { applications: { x: { %s } } } } }
    """
        .formatted(settings);
  }
}
