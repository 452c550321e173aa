package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderVisitor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A stored allow.
///
/// It holds the response's header lines without those that belong to a single response (`Date`,
/// lengths, the echoed request header), its end times, and the tags of everything whose revocation
/// ends it. It does not contain the credential.
public final class Entry {
  private static final VarHandle REFRESH_AT;

  static {
    try {
      REFRESH_AT = MethodHandles.lookup().findVarHandle(Entry.class, "refreshAtNanos", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /// This object with its term and arrays, its key, and its nodes in the cache and in the
  /// credential index, with compressed references.
  private static final int OVERHEAD_BYTES = 488;

  private static final long NANOS_OF_A_MILLI = 1_000_000;

  private final int status;
  private final HeaderLine[] lines;
  private final @Nullable String echoedHeader;
  private final Term term;
  private final VerdictKey key;
  private final long[] tags;
  private final int credentialTags;
  private final int sessionTags;
  private final long begin;
  private final String application;
  private final String upstreamApplication;
  private final long paidLines;

  // Mutable state; changed only by compare-and-set.
  private volatile long refreshAtNanos;

  /// When an entry ends. Nanoseconds are those of the cache's ticker.
  ///
  /// @param beginNanos when its check began
  /// @param endNanos end of its life
  /// @param endMillis end of its life by the wall clock
  /// @param staleEndNanos until when it may be served while the upstream is unavailable; never
  ///   before the end of its life
  /// @param staleEndMillis the same by the wall clock
  /// @param refreshAtNanos from when a hit triggers a refresh
  record Term(
      long beginNanos,
      long endNanos,
      long endMillis,
      long staleEndNanos,
      long staleEndMillis,
      long refreshAtNanos) {}

  /// Everything whose revocation ends an allow.
  ///
  /// @param tags first the credential's, then the session's (`sid`, `sub`), then the application's
  /// @param credentialTags number of credential tags
  /// @param sessionTags number of session tags
  // Never compared, and a list would take three times the memory.
  @SuppressWarnings("ArrayRecordComponent")
  record RevocationTags(long[] tags, int credentialTags, int sessionTags) {
    /// The session tags alone.
    long[] session() {
      return Arrays.copyOfRange(tags, credentialTags, credentialTags + sessionTags);
    }
  }

  /// What an entry belongs to.
  ///
  /// @param key key in the store
  /// @param ties tags whose revocation ends the entry
  /// @param begin the revocation epoch at which its check began
  /// @param application name of the application
  /// @param upstreamApplication the upstream's name for it, or empty if the upstream sent none
  record Subject(
      VerdictKey key,
      RevocationTags ties,
      long begin,
      String application,
      String upstreamApplication) {}

  Entry(
      int status,
      HeaderLine[] lines,
      @Nullable String echoedHeader,
      Term term,
      Subject subject,
      long paidLines) {
    this.status = status;
    this.lines = lines;
    this.echoedHeader = echoedHeader;
    this.term = term;
    this.key = subject.key();
    this.tags = subject.ties().tags();
    this.credentialTags = subject.ties().credentialTags();
    this.sessionTags = subject.ties().sessionTags();
    this.begin = subject.begin();
    this.application = subject.application();
    this.upstreamApplication = subject.upstreamApplication();
    this.paidLines = paidLines;
    this.refreshAtNanos = term.refreshAtNanos();
  }

  /// The allow status to send.
  public int status() {
    return status;
  }

  /// Visits the stored header lines in order.
  public void forEach(HeaderVisitor visitor) {
    for (HeaderLine line : lines) {
      visitor.line(line.name(), line.value());
    }
  }

  /// The first stored line of a name.
  ///
  /// @param name header name, in any letter case
  /// @return its value, or null if there is none
  public @Nullable String first(String name) {
    for (HeaderLine line : lines) {
      if (line.is(name)) {
        return line.value();
      }
    }
    return null;
  }

  /// The request header that the response echoes, as the response spells it.
  ///
  /// @return its name, or null if none is echoed
  public @Nullable String echoedHeader() {
    return echoedHeader;
  }

  HeaderLine[] lines() {
    return lines;
  }

  VerdictKey key() {
    return key;
  }

  long[] tags() {
    return tags;
  }

  int credentialTags() {
    return credentialTags;
  }

  /// The session tags, without those of the credential and the application.
  long[] session() {
    return Arrays.copyOfRange(tags, credentialTags, credentialTags + sessionTags);
  }

  long begin() {
    return begin;
  }

  String application() {
    return application;
  }

  String upstreamApplication() {
    return upstreamApplication;
  }

  /// One bit per line that is counted in this entry's bytes.
  long paidLines() {
    return paidLines;
  }

  /// Memory of this entry in bytes: the entry itself, its nodes in the cache and the indexes, and
  /// the lines counted for it.
  int bytes() {
    return OVERHEAD_BYTES + 4 * lines.length + 8 * tags.length + LinePool.bytes(lines, paidLines);
  }

  long staleEndNanos() {
    return term.staleEndNanos();
  }

  /// Whether it is within its life, by the ticker and by the wall clock (invariant 4).
  boolean isFresh(long nanos, long millis) {
    return nanos - term.endNanos() < 0 && millis < term.endMillis();
  }

  /// Whether it is younger than a limit, by the ticker and by the wall clock.
  boolean isYoungerThan(long boundNanos, long nanos, long millis) {
    long lifeNanos = term.endNanos() - term.beginNanos();
    long beginMillis = term.endMillis() - lifeNanos / NANOS_OF_A_MILLI;
    return nanos - term.beginNanos() < boundNanos
        && millis - beginMillis < Math.ceilDiv(boundNanos, NANOS_OF_A_MILLI);
  }

  /// Whether it may be served while the upstream is unavailable.
  boolean isUsableStale(long nanos, long millis) {
    return nanos - term.staleEndNanos() < 0 && millis < term.staleEndMillis();
  }

  /// Claims the refresh of this entry.
  ///
  /// @param nanos now
  /// @param pauseNanos how long other callers must not try
  /// @return whether the caller should refresh it
  boolean claimRefresh(long nanos, long pauseNanos) {
    long due = refreshAtNanos;
    return nanos - due >= 0 && REFRESH_AT.compareAndSet(this, due, nanos + pauseNanos);
  }

  boolean hasTag(long tag) {
    for (long mine : tags) {
      if (mine == tag) {
        return true;
      }
    }
    return false;
  }
}
