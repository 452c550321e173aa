package dev.postern.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.AccessLogs;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a client can forge, sent to the stack as it is shipped, from outside and from an address among
/// the trusted ones of the CDN, whose clients' headers Traefik believes.
///
/// A forged request has to come to exactly what the same request comes to without the forgery.
@NeedsTraefik
class AttackIT {
  @TempDir static Path directory;
  private static Stack stack;
  private static final AtomicInteger CLIENTS = new AtomicInteger();

  /// Where a client comes from.
  enum Origin {
    OUTSIDE(3),
    CDN(2);

    private final int subnet;

    Origin(int subnet) {
      this.subnet = subnet;
    }

    /// A new address, so that no limit counts two attacks together.
    InetAddress next() {
      return InetAddress.ofLiteral(
          "127.0.%d.%d".formatted(subnet, CLIENTS.incrementAndGet() % 250 + 2));
    }
  }

  /// What is asked for, and with which session.
  enum Target {
    INDIVIDUAL("whoami-individual", "whoami-individual"),
    INDIVIDUAL_BY_A_SESSION_WITHOUT_SECOND_FACTOR("whoami-individual", "whoami-catch-all"),
    CATCH_ALL("whoami-catch-all", "whoami-catch-all"),
    CSF("csf", "csf"),
    OPEN("whoami", "whoami-catch-all");

    private final String service;
    private final String session;

    Target(String service, String session) {
      this.service = service;
      this.session = session;
    }

    String host() {
      return Stack.host(service);
    }

    boolean asksPostern() {
      return this != OPEN;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    stack = new Stack(directory);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  static Stream<Arguments> attacks() {
    return Stream.of(Target.values())
        .flatMap(target ->
            Stream.of(Origin.values())
                .flatMap(origin ->
                    Stream.of(Attack.Spelling.values())
                        .map(spelling -> Arguments.of(target, origin, spelling))));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void forgedHeader_changesNothing(Target target, Origin origin, Attack.Spelling spelling)
      throws Exception {
    String cookie = "Cookie: " + stack.signIn("alice", target.session);
    try (RawHttp client = stack.traefik().connect(origin.next(), target.host())) {
      Probe honest = probe(client, target, List.of(cookie));
      for (String line : Attack.lines()) {
        String forged = spelling.of(line);
        assertThat(probe(client, target, List.of(cookie, forged))).as(forged).isEqualTo(honest);
        assertThat(probe(client, target, List.of(forged, cookie, forged)))
            .as("twice: %s", forged)
            .isEqualTo(honest);
      }
      assertThat(honest.status())
          .isEqualTo(
              target == Target.INDIVIDUAL_BY_A_SESSION_WITHOUT_SECOND_FACTOR ? 302 : 200);
    }
  }

  private static Probe probe(RawHttp client, Target target, List<String> headers)
      throws IOException {
    int lines = logged();
    int requests = stack.seen().size();
    List<String> all = new ArrayList<>(headers);
    all.addFirst("Host: " + target.host());
    RawMessage answer = client.exchange(RawHttp.request("GET", "/probe", all));
    int expected = target.asksPostern() ? lines + 1 : lines;
    List<String> log = AccessLogs.await(stack.accessLog(), expected);
    List<Site.Seen> seen = stack.seen();
    return Probe.of(answer, seen.subList(requests, seen.size()), log.subList(lines, log.size()));
  }

  private static int logged() {
    return AccessLogs.await(stack.accessLog(), 0).size();
  }
}
