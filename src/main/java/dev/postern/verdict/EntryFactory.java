package dev.postern.verdict;

import dev.postern.config.CacheConfig;
import dev.postern.net.HeaderLine;
import dev.postern.routing.Application;
import dev.postern.verdict.VerdictListener.NotStored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes an entry from an allow, or says why it cannot be stored.
final class EntryFactory {
  /// Headers that belong to one response or one connection, or that are generated for each
  /// response.
  private static final Set<String> NOT_KEPT =
      Set.of(
          "connection",
          "content-length",
          "date",
          "keep-alive",
          "transfer-encoding",
          "x-postern-cache");

  private static final Duration UNBOUNDED = Duration.ofSeconds(Long.MAX_VALUE);

  private final CacheConfig config;
  private final Preset preset;
  private final Tags tags;
  private final LinePool pool;
  private final SessionEnds ends;

  EntryFactory(CacheConfig config, Preset preset, Tags tags, LinePool pool, SessionEnds ends) {
    this.config = config;
    this.preset = preset;
    this.tags = tags;
    this.pool = pool;
    this.ends = ends;
  }

  sealed interface Result {
    /// The allow can be stored.
    record Made(Entry entry) implements Result {}

    /// The allow cannot be stored.
    record Refused(NotStored reason) implements Result {}
  }

  /// When a check began, on every clock that is later compared with it.
  ///
  /// @param nanos by the ticker
  /// @param millis by the wall clock
  /// @param revocations by the revocation epochs
  /// @param refusals by the refusal epochs
  record CheckStart(long nanos, long millis, long revocations, long refusals) {}

  /// The tags by which events about the question's credential find its entries.
  long[] credentialTags(Question question) {
    return question.credential().tags(tags);
  }

  /// Everything whose revocation ends an allow.
  ///
  /// @param identity the allowed user, or null for an open path
  Entry.RevocationTags ties(Question question, @Nullable Identity identity) {
    long[] credential = question.credential().tags(tags);
    Application application = question.application();
    long[] all =
        Arrays.copyOf(credential, credential.length + 5 + application.alsoRevokedAs().size());
    int count = credential.length;
    if (identity != null) {
      TokenClaims token = identity.token();
      String sid = token == null ? null : token.sid();
      if (sid != null) {
        all[count++] = tags.sid(sid);
      }
      all[count++] = tags.sub(subject(identity));
    }
    int session = count - credential.length;
    all[count++] = tags.application(application.name());
    if (application.configured()) {
      all[count++] = tags.application(question.request().host());
    }
    for (String name : application.alsoRevokedAs()) {
      all[count++] = tags.application(name);
    }
    if (identity != null && !identity.application().isEmpty()) {
      all[count++] = tags.application(identity.application());
    }
    return new Entry.RevocationTags(Arrays.copyOf(all, count), credential.length, session);
  }

  /// The entries of a question's credential in its application, or in every application that the
  /// host may belong to, on all hosts.
  List<Entry> ofCredential(Question question, EntryStore store) {
    List<Entry> found = new ArrayList<>();
    for (long tag : question.credential().tags(tags)) {
      for (Entry entry : store.byCredential(tag)) {
        if (isOf(entry, question.application())) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  private static boolean isOf(Entry entry, Application application) {
    return entry.application().equals(application.name())
        || application.alsoRevokedAs().contains(entry.application());
  }

  private static String subject(Identity identity) {
    TokenClaims token = identity.token();
    String sub = token == null ? null : token.sub();
    return sub == null ? identity.uid() : sub;
  }

  /// Makes an entry from an allow with identity.
  ///
  /// @param key the key to store it under
  /// @param ties tags whose revocation ends it
  /// @param beginning when the check began; the entry's life counts from there
  /// @param nowMillis the wall clock now
  Result create(
      Question question,
      VerdictKey key,
      Entry.RevocationTags ties,
      Verdict.Allow allow,
      CheckStart beginning,
      long nowMillis) {
    Identity identity = allow.identity();
    TokenClaims token = identity.token();
    if (!allow.shareable()
        || (token != null && token.sub() != null && !token.sub().equals(identity.uid()))) {
      return new Result.Refused(NotStored.UNSHAREABLE);
    }
    if (mayHaveEnded(ties, beginning.nanos())) {
      return new Result.Refused(NotStored.SESSION_ENDED);
    }
    boolean reported = ends.areReported(beginning.nanos());
    boolean outdated = ends.mayBeOutdated(beginning.nanos());
    Duration life = least(life(question, token, nowMillis, reported), longest(outdated));
    if (!life.isPositive()) {
      return new Result.Refused(NotStored.EXPIRED_TOKEN);
    }
    // Only a known expiry can limit the time past the entry's life (invariant 7), and only while a
    // feed reports ended sessions and the upstream's configuration is up to date.
    Long expiry = token == null ? null : token.expiresAtMillis();
    Duration stale =
        expiry == null || !reported || outdated
            ? life
            : least(life.plus(config.staleIfError()), untilExpiry(expiry, nowMillis));
    return make(
        question,
        allow.response(),
        term(beginning, life, stale),
        subject(question, key, ties, identity.application(), beginning));
  }

  /// Makes an entry from an open path's allow.
  ///
  /// @param key the key to store it under
  /// @param ties tags whose revocation ends it
  /// @param beginning when the check began
  Result create(
      Question question,
      VerdictKey key,
      Entry.RevocationTags ties,
      Verdict.AnonymousAllow allow,
      CheckStart beginning) {
    if (!allow.shareable()) {
      return new Result.Refused(NotStored.UNSHAREABLE);
    }
    Duration own = question.application().policy().ttl();
    Duration longest = own == null ? config.anonymousPaths() : least(config.anonymousPaths(), own);
    Duration limited =
        ends.areReported(beginning.nanos()) ? longest : least(longest, config.ttlWithoutSession());
    Duration life = least(limited, longest(ends.mayBeOutdated(beginning.nanos())));
    return make(
        question,
        allow.response(),
        term(beginning, life, life),
        subject(question, key, ties, "", beginning));
  }

  private boolean mayHaveEnded(Entry.RevocationTags ties, long beganNanos) {
    for (int i = 0; i < ties.credentialTags(); i++) {
      if (ends.mayPrecedeOutcome(ties.tags()[i], beganNanos)) {
        return true;
      }
    }
    for (int i = 0; i < ties.sessionTags(); i++) {
      if (ends.mayStillBeAccepted(ties.tags()[ties.credentialTags() + i], beganNanos)) {
        return true;
      }
    }
    return false;
  }

  /// The longest life while the upstream may still use an old configuration.
  private static Duration longest(boolean outdated) {
    return outdated ? SessionEnds.LIFE_WHILE_RELOADING : UNBOUNDED;
  }

  private Duration life(
      Question question, @Nullable TokenClaims token, long nowMillis, boolean reported) {
    Long expiry = token == null ? null : token.expiresAtMillis();
    boolean isSession =
        reported
            && token != null
            && token.sid() != null
            && expiry != null
            && !question.credential().hasAuthorization();
    Duration ttl = ttl(question);
    Duration life = isSession ? ttl : least(ttl, config.ttlWithoutSession());
    return expiry == null ? life : least(life, untilExpiry(expiry, nowMillis));
  }

  private Duration ttl(Question question) {
    Duration own = question.application().policy().ttl();
    return own == null ? config.ttl() : own;
  }

  private Duration untilExpiry(long expiresAtMillis, long nowMillis) {
    // Tokens can hold any number, so subtracting two longs could overflow.
    return Duration.between(Instant.ofEpochMilli(nowMillis), Instant.ofEpochMilli(expiresAtMillis))
        .minus(config.skew());
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Entry.Term term(CheckStart beginning, Duration life, Duration stale) {
    Duration usable = stale.compareTo(life) < 0 ? life : stale;
    return new Entry.Term(
        beginning.nanos(),
        beginning.nanos() + life.toNanos(),
        beginning.millis() + life.toMillis(),
        beginning.nanos() + usable.toNanos(),
        beginning.millis() + usable.toMillis(),
        beginning.nanos() + (long) (life.toNanos() * config.refreshAhead()));
  }

  private static Entry.Subject subject(
      Question question,
      VerdictKey key,
      Entry.RevocationTags ties,
      String upstreamApplication,
      CheckStart beginning) {
    return new Entry.Subject(
        key, ties, beginning.revocations(), question.application().name(), upstreamApplication);
  }

  private Result make(
      Question question, UpstreamResponse response, Entry.Term term, Entry.Subject subject) {
    List<HeaderLine> kept = new ArrayList<>(response.headers().lines());
    int echoed = echoedLine(question, kept);
    String echoedName = echoed < 0 ? null : kept.remove(echoed).name();
    kept.removeIf(line -> NOT_KEPT.contains(line.name().toLowerCase(Locale.ROOT)));
    if (kept.size() > LinePool.MAX_LINES || !kept.stream().allMatch(EntryFactory::isOneLine)) {
      return new Result.Refused(NotStored.UNSHAREABLE);
    }
    HeaderLine[] lines = kept.toArray(HeaderLine[]::new);
    long paid = pool.acquire(lines);
    return new Result.Made(new Entry(response.status(), lines, echoedName, term, subject, paid));
  }

  /// Whether a line can be sent as is: a hit copies it without validation.
  private static boolean isOneLine(HeaderLine line) {
    return isWithoutBreak(line.name()) && isWithoutBreak(line.value());
  }

  private static boolean isWithoutBreak(String text) {
    return text.indexOf('\r') < 0 && text.indexOf('\n') < 0 && text.indexOf('\0') < 0;
  }

  /// Finds the line that echoes a request header: each hit generates it from its own request (trap
  /// 21). A line with a different value was set by the upstream and is kept.
  ///
  /// @return its position, or -1
  private int echoedLine(Question question, List<HeaderLine> lines) {
    String name = preset.echoedRequestHeader();
    String sent = question.request().headers().first(name);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).is(name)) {
        return lines.get(i).value().equals(sent == null ? "" : sent) ? i : -1;
      }
    }
    return -1;
  }
}
