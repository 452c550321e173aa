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

/// Turns an allow into an entry, or says why it cannot be remembered.
final class EntryFactory {
  /// Headers that belong to one response or one connection, or that each response gets anew.
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

  /// The outcome of the attempt.
  sealed interface Result {
    /// It can be remembered.
    record Made(Entry entry) implements Result {}

    /// It cannot.
    record Refused(NotStored reason) implements Result {}
  }

  /// The moment at which a check began, by everything that later has to be compared with it.
  ///
  /// @param nanos by the ticker
  /// @param millis by the wall clock
  /// @param revocations by the epochs of revocations
  /// @param refusals by the epochs of refusals
  record CheckStart(long nanos, long millis, long revocations, long refusals) {}

  /// What an event about a question's credential finds it by.
  long[] credentialTags(Question question) {
    return question.credential().tags(tags);
  }

  /// Everything whose revocation ends an allow.
  ///
  /// @param question what was asked
  /// @param identity who was allowed, or null for an open path
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

  /// Everything that a question's credential has earned of its application, on every host, or of
  /// those that it may belong to.
  List<Entry> earned(Question question, EntryStore store) {
    List<Entry> earned = new ArrayList<>();
    for (long tag : question.credential().tags(tags)) {
      for (Entry entry : store.byCredential(tag)) {
        if (isOf(entry, question.application())) {
          earned.add(entry);
        }
      }
    }
    return earned;
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

  /// Makes an entry of an allow with identity.
  ///
  /// @param question what was asked
  /// @param key the question's key
  /// @param ties what ends it
  /// @param allow what was answered
  /// @param beginning when the check began; the entry's life counts from there
  /// @param nowMillis the wall clock now
  Result remember(
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
    boolean told = ends.areTold(beginning.nanos());
    boolean outdated = ends.mayBeOutdated(beginning.nanos());
    Duration life = least(life(question, token, nowMillis, told), longest(outdated));
    if (!life.isPositive()) {
      return new Result.Refused(NotStored.EXPIRED_TOKEN);
    }
    // Only a known expiry can bound the time past the entry's life (invariant 7), and only where
    // the end of a session would be told and the upstream has its present configuration.
    Long expiry = token == null ? null : token.expiresAtMillis();
    Duration stale =
        expiry == null || !told || outdated
            ? life
            : least(life.plus(config.staleIfError()), untilExpiry(expiry, nowMillis));
    return make(
        question,
        allow.answer(),
        term(beginning, life, stale),
        subject(question, key, ties, identity.application(), beginning));
  }

  /// Makes an entry of an open path's allow.
  ///
  /// @param question what was asked
  /// @param key the question's key
  /// @param ties what ends it
  /// @param allow what was answered
  /// @param beginning when the check began
  Result remember(
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
    Duration told =
        ends.areTold(beginning.nanos()) ? longest : least(longest, config.ttlWithoutSession());
    Duration life = least(told, longest(ends.mayBeOutdated(beginning.nanos())));
    return make(
        question,
        allow.answer(),
        term(beginning, life, life),
        subject(question, key, ties, "", beginning));
  }

  private boolean mayHaveEnded(Entry.RevocationTags ties, long beganNanos) {
    for (int i = 0; i < ties.credentialTags(); i++) {
      if (ends.mayBeUnseen(ties.tags()[i], beganNanos)) {
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

  /// The longest life by what the upstream may not know yet.
  private static Duration longest(boolean outdated) {
    return outdated ? SessionEnds.LIFE_WHILE_RELOADING : UNBOUNDED;
  }

  private Duration life(
      Question question, @Nullable TokenClaims token, long nowMillis, boolean told) {
    Long expiry = token == null ? null : token.expiresAtMillis();
    boolean isSession =
        told
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
    // Any number can stand in a token, and a difference of two longs may not be one.
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
      Question question, UpstreamResponse answer, Entry.Term term, Entry.Subject subject) {
    List<HeaderLine> kept = new ArrayList<>(answer.headers().lines());
    int echoed = echoedLine(question, kept);
    String echoedName = echoed < 0 ? null : kept.remove(echoed).name();
    kept.removeIf(line -> NOT_KEPT.contains(line.name().toLowerCase(Locale.ROOT)));
    if (kept.size() > LinePool.MAX_LINES || !kept.stream().allMatch(EntryFactory::isOneLine)) {
      return new Result.Refused(NotStored.UNSHAREABLE);
    }
    HeaderLine[] lines = kept.toArray(HeaderLine[]::new);
    long paid = pool.acquire(lines);
    return new Result.Made(new Entry(answer.status(), lines, echoedName, term, subject, paid));
  }

  /// Whether a line can be sent as it is. A hit copies it without looking at it again.
  private static boolean isOneLine(HeaderLine line) {
    return isWithoutBreak(line.name()) && isWithoutBreak(line.value());
  }

  private static boolean isWithoutBreak(String text) {
    return text.indexOf('\r') < 0 && text.indexOf('\n') < 0 && text.indexOf('\0') < 0;
  }

  /// Finds the line that repeats a header of the request: it is made anew for each request (trap
  /// 21). One that says something else is the upstream's own and is kept.
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
