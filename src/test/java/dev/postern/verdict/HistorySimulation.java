package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.testing.History;
import dev.postern.testing.upstream.Jwt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/// One random run of the production cache in virtual time. The upstream behaves like an outpost
/// whose cookie values stay valid after sign-outs (docs/design/authentik.md section 2.1).
///
/// Everything that takes time is started, processed and answered in separate steps, which are
/// interleaved at random: checks, sign-outs, logins and session ends.
final class HistorySimulation {
  private static final List<String> HOSTS = List.of("app.test", "photos.test", "vault.test");
  private static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave");

  /// A session at the upstream.
  private record Session(String sid, String sub) {}

  private final Random random;
  private final World world;
  private final History history;
  private final int clients;
  private final Duration grace;

  private final Map<String, Session> sessions = new HashMap<>();
  // Started but unfinished work; each step runs one item and may add its continuation.
  private final List<Runnable> pending = new ArrayList<>();
  private long sequence;
  private int logins;
  private final List<Long> offsets = new ArrayList<>(List.of(0L));
  private boolean up = true;
  private boolean reported = true;
  private Duration reportedSince = Duration.ZERO;
  private int answered;

  HistorySimulation(long seed, int clients, History history) {
    random = new Random(seed);
    this.clients = clients;
    this.history = history;
    grace = random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(30);
    world = new World(World.config(0.5, grace, Duration.ZERO), this::check);
  }

  /// Runs a number of steps, then all pending work.
  void run(int steps) {
    for (int i = 0; i < clients; i++) {
      sessions.put("cookie-" + i, login());
    }
    for (int i = 0; i < steps; i++) {
      step();
    }
    while (!pending.isEmpty()) {
      pending.removeLast().run();
    }
  }

  /// How many requests were answered.
  int answered() {
    return answered;
  }

  long heldBytes() {
    return world.budget.held();
  }

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 45) {
      ask(cookie(), pick(HOSTS));
    } else if (dice < 75) {
      if (!pending.isEmpty()) {
        pending.remove(random.nextInt(pending.size())).run();
      }
    } else if (dice < 81) {
      world.pass(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 15_000 : 500)));
    } else if (dice < 91) {
      passByTheOutpost(cookie());
    } else if (dice < 94) {
      endAtTheProvider();
    } else if (dice < 96) {
      revokeByHand();
    } else {
      disturb();
    }
  }

  private String cookie() {
    return "cookie-" + random.nextInt(clients);
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Session login() {
    return new Session("sid-" + ++logins, "sub-" + pick(PEOPLE));
  }

  private Duration now() {
    return Duration.ofNanos(world.nanos.get());
  }

  private void note(String text) {
    history.add(new History.Noted(++sequence, now() + " " + text));
  }

  private void ask(String cookie, String host) {
    long asked = ++sequence;
    Question question = world.question(Ask.with(cookie).host(host));
    Entry entry = world.cache.hit(question, () -> cookie);
    Consumer<Decision> done = decision -> answered(asked, cookie, host, decision);
    if (entry == null) {
      var deadline = VerdictSource.Deadline.at(world.nanos.get() + History.DEADLINE.toNanos());
      world.cache.check(question, cookie, deadline, done);
    } else {
      done.accept(new Decision.Stored(entry, CacheStatus.HIT));
    }
  }

  private void answered(long asked, String cookie, String host, Decision decision) {
    answered++;
    String sub =
        switch (decision) {
          case Decision.Stored(Entry entry, var _) -> {
            String[] found = new String[1];
            entry.forEach((name, value) ->
                found[0] = name.equalsIgnoreCase("X-Authentik-Uid") ? value : found[0]);
            yield found[0];
          }
          case Decision.Relayed(Verdict.Allow allow, var _) -> allow.identity().uid();
          case Decision.Relayed _ -> null;
        };
    if (sub != null) {
      history.add(
          new History.Allowed(
              ++sequence, asked, now(), cookie, host, sub, decision.status().text()));
    }
  }

  /// A check begins; the verdict and its arrival are later steps.
  private void check(VerdictSource.Call call, Consumer<Verdict> done) {
    String cookie = call.request().headers().values("Cookie").getFirst().replaceAll(".*=", "");
    String host = call.request().host();
    long began = ++sequence;
    Duration beganAt = now();
    boolean sure = reported && beganAt.minus(reportedSince).compareTo(SessionEnds.DROP_DELAY) >= 0;
    Duration life = sure ? World.DEFAULTS.ttl() : World.DEFAULTS.ttlWithoutSession();
    pending.add(() -> {
      Session session = sessions.get(cookie);
      boolean available = up;
      pending.add(() -> {
        if (!available || now().minus(beganAt).compareTo(History.DEADLINE) > 0) {
          done.accept(Verdicts.down());
        } else if (session == null) {
          done.accept(Verdicts.challenge("s"));
        } else {
          history.add(
              new History.Checked(
                  ++sequence,
                  began,
                  beganAt,
                  cookie,
                  host,
                  session.sid(),
                  session.sub(),
                  life,
                  sure ? life.plus(grace) : life));
          done.accept(allow(host, session));
        }
      });
    });
  }

  private Verdict allow(String host, Session session) {
    return Verdicts.allow(
        session.sub(),
        "slug-" + host,
        new TokenClaims(session.sub(), session.sid(), world.in(Duration.ofHours(1))));
  }

  /// A sign-out, or a login that keeps the cookie value. Its response may be lost; then it is
  /// processed later, within the time in which nothing is stored.
  private void passByTheOutpost(String cookie) {
    boolean signOut = random.nextBoolean();
    boolean aborted = random.nextInt(4) == 0;
    Credential credential = world.question(Ask.with(cookie)).credential();
    OutpostEvent event = world.cache.revocations().arrived(credential, true);
    note((signOut ? "sign-out of " : "login with ") + cookie + (aborted ? ", client gone" : ""));
    if (aborted) {
      event.settle(null);
      long effective = ++sequence;
      history.add(new History.Revoked(++sequence, effective, "credential", cookie));
      long settledNanos = world.nanos.get();
      pending.add(() -> {
        if (world.nanos.get() - settledNanos < SessionEnds.OUTCOME_UNKNOWN.toNanos()) {
          act(cookie, signOut);
          long acted = ++sequence;
          history.add(new History.Revoked(++sequence, acted, "credential", cookie));
        }
      });
      return;
    }
    pending.add(() -> {
      Session before = sessions.get(cookie);
      act(cookie, signOut);
      pending.add(() -> {
        long effective = ++sequence;
        event.settle(signOut && before != null ? endSession(before) : HeaderLines.of(List.of()));
        history.add(new History.Revoked(++sequence, effective, "credential", cookie));
        if (signOut && before != null) {
          history.add(new History.Revoked(++sequence, effective, "sub", before.sub()));
        }
      });
    });
  }

  private static HeaderLines endSession(Session session) {
    String token = Jwt.of(session.sub(), session.sid(), Instant.parse("2027-01-01T00:00:00Z"));
    return HeaderLines.of(
        List.of(new HeaderLine("Location", "http://idp.test/end-session/?id_token_hint=" + token)));
  }

  private void act(String cookie, boolean signOut) {
    Session before = sessions.get(cookie);
    if (!signOut) {
      sessions.put(cookie, login());
    } else if (before != null) {
      sessions.values().removeIf(session -> session.sub().equals(before.sub()));
    }
  }

  /// A session ends at the identity provider: reported if the feed is connected, dropped by the
  /// upstream a little later.
  private void endAtTheProvider() {
    Session session = sessions.get(cookie());
    if (session == null) {
      return;
    }
    note("end of " + session + (reported ? "" : ", not reported"));
    if (reported) {
      long effective = ++sequence;
      world.cache.revocations().sessionEnded(session.sid(), RevocationSource.WEBSOCKET);
      history.add(new History.Revoked(++sequence, effective, "sid", session.sid()));
    }
    boolean wasReported = reported;
    long reportedNanos = world.nanos.get();
    pending.add(() -> {
      sessions.values().removeIf(session::equals);
      if (wasReported && world.nanos.get() - reportedNanos < SessionEnds.DROP_DELAY.toNanos()) {
        long forgotten = ++sequence;
        history.add(new History.Revoked(++sequence, forgotten, "sid", session.sid()));
      }
    });
  }

  private void revokeByHand() {
    Revocations revocations = world.cache.revocations();
    long effective = ++sequence;
    switch (random.nextInt(3)) {
      case 0 -> {
        String sub = "sub-" + pick(PEOPLE);
        revocations.bySub(sub, RevocationSource.ADMIN);
        history.add(new History.Revoked(++sequence, effective, "sub", sub));
      }
      case 1 -> {
        String host = pick(HOSTS);
        revocations.byApplication(host, RevocationSource.ADMIN);
        history.add(new History.Revoked(++sequence, effective, "host", host));
      }
      default -> {
        revocations.all(RevocationSource.ADMIN);
        history.add(new History.Revoked(++sequence, effective, "all", ""));
      }
    }
  }

  private void disturb() {
    long effective = ++sequence;
    switch (random.nextInt(4)) {
      case 0 -> {
        up = !up;
        note("the upstream is " + (up ? "up" : "down"));
        if (up && random.nextBoolean()) {
          sessions.clear();
          note("and has lost its sessions");
        }
      }
      case 1 -> {
        reported = !reported;
        reportedSince = now();
        if (reported) {
          world.cache.revocations().feedGained(RevocationSource.WEBSOCKET);
        } else {
          world.cache.revocations().feedLost(RevocationSource.WEBSOCKET);
        }
        history.add(new History.Revoked(++sequence, effective, "all", "feed"));
      }
      default -> {
        long jump = jump();
        world.millis.addAndGet(jump);
        history.add(new History.Revoked(++sequence, effective, "all", "clock " + jump));
      }
    }
  }

  /// By how much the wall clock is set. It never returns to an earlier value: if the clock was not
  /// read in between, such a jump is not noticed and is harmless.
  private long jump() {
    while (true) {
      long jump = (random.nextBoolean() ? 1 : -1) * (20_000L + random.nextInt(3_600_000));
      long offset = offsets.getLast() + jump;
      if (offsets.stream().allMatch(known -> Math.abs(known - offset) >= 20_000)) {
        offsets.add(offset);
        return jump;
      }
    }
  }
}
