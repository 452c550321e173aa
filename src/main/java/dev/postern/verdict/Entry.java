package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderVisitor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A remembered allow.
///
/// It holds the header lines of the answer without those that belong to one response (`Date`,
/// lengths, the echoed request header), the moments that end it, and the tags of everything whose
/// revocation ends it. The credential is not in it.
public final class Entry {
  private static final VarHandle REFRESH_AT;

  static {
    try {
      REFRESH_AT = MethodHandles.lookup().findVarHandle(Entry.class, "refreshAtNanos", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /// This object with its term and arrays, its key, and its nodes in the cache and in the index of
  /// credentials, with compressed references.
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

  // Mutable state; moved by compare-and-set alone.
  private volatile long refreshAtNanos;

  /// When an entry ends. Nanoseconds are those of the cache's ticker.
  ///
  /// @param beginNanos when its check began
  /// @param endNanos end of its life
  /// @param endMillis the same by the wall clock
  /// @param staleEndNanos how long it may stand in for an unavailable upstream; never before the
  ///   end of its life
  /// @param staleEndMillis the same by the wall clock
  /// @param refreshAtNanos when a hit renews it
  record Term(
      long beginNanos,
      long endNanos,
      long endMillis,
      long staleEndNanos,
      long staleEndMillis,
      long refreshAtNanos) {}

  /// Everything whose revocation ends an allow.
  ///
  /// @param tags those of the credential first, then of its session (`sid`, `sub`), then of the
  ///   application
  /// @param credentialTags how many of them are the credential's
  /// @param sessionTags how many are the session's
  // Never compared, and a list would cost three times the memory.
  @SuppressWarnings("ArrayRecordComponent")
  record RevocationTags(long[] tags, int credentialTags, int sessionTags) {
    /// The tags of its session alone.
    long[] session() {
      return Arrays.copyOfRange(tags, credentialTags, credentialTags + sessionTags);
    }
  }

  /// What an entry is about.
  ///
  /// @param key what it is remembered under
  /// @param ties what ends it
  /// @param begin moment of the revocation epochs at which its check began
  /// @param application name of the application
  /// @param upstreamApplication what the upstream calls it, empty when it does not say
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

  /// The status to answer with.
  ///
  /// @return an allow status
  public int status() {
    return status;
  }

  /// Walks over the remembered header lines.
  ///
  /// @param visitor receives each line
  public void forEach(HeaderVisitor visitor) {
    for (HeaderLine line : lines) {
      visitor.line(line.name(), line.value());
    }
  }

  /// The first remembered line of a name.
  ///
  /// @param name header name, in any letter case
  /// @return its value, or null when there is none
  public @Nullable String first(String name) {
    for (HeaderLine line : lines) {
      if (line.is(name)) {
        return line.value();
      }
    }
    return null;
  }

  /// The request header that the answer repeats, in the answer's spelling.
  ///
  /// @return its name, or null when the upstream repeats none
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

  /// The tags of its session, without those of its credential and its application.
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

  /// One bit for each line that this entry pays for.
  long paidLines() {
    return paidLines;
  }

  /// Bytes of memory that this entry costs: itself, its places in the cache and its indexes, and
  /// the lines that it pays for.
  int bytes() {
    return OVERHEAD_BYTES + 4 * lines.length + 8 * tags.length + LinePool.bytes(lines, paidLines);
  }

  long staleEndNanos() {
    return term.staleEndNanos();
  }

  /// Whether it is still alive: by the ticker and by the wall clock (invariant 4).
  boolean isFresh(long nanos, long millis) {
    return nanos - term.endNanos() < 0 && millis < term.endMillis();
  }

  /// Whether it is younger than a bound, by the ticker and by the wall clock.
  boolean isYoungerThan(long boundNanos, long nanos, long millis) {
    long lifeNanos = term.endNanos() - term.beginNanos();
    long beginMillis = term.endMillis() - lifeNanos / NANOS_OF_A_MILLI;
    return nanos - term.beginNanos() < boundNanos
        && millis - beginMillis < Math.ceilDiv(boundNanos, NANOS_OF_A_MILLI);
  }

  /// Whether it may stand in for an unavailable upstream.
  boolean isUsableStale(long nanos, long millis) {
    return nanos - term.staleEndNanos() < 0 && millis < term.staleEndMillis();
  }

  /// Claims the renewal of this entry.
  ///
  /// @param nanos now
  /// @param pauseNanos how long nobody else shall try
  /// @return whether the caller is to renew it
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
