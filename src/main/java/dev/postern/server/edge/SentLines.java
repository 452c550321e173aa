package dev.postern.server.edge;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.HeaderVisitor;
import dev.postern.net.RequestHeaders;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The header lines of a response from a cache entry, for the access log. Most hits need none of
/// them, so the list is created on demand.
final class SentLines implements RequestHeaders {
  static final String CACHE_STATUS = "X-Postern-Cache";

  private final Entry entry;
  private final @Nullable String echoedValue;
  private final CacheStatus status;
  private final String date;
  private @Nullable HeaderLines lines;

  SentLines(Entry entry, @Nullable String echoedValue, CacheStatus status, String date) {
    this.entry = entry;
    this.echoedValue = echoedValue;
    this.status = status;
    this.date = date;
  }

  private HeaderLines lines() {
    HeaderLines present = lines;
    if (present == null) {
      List<HeaderLine> all = new ArrayList<>();
      entry.forEach((name, value) -> all.add(new HeaderLine(name, value)));
      String echoed = entry.echoedHeader();
      if (echoed != null) {
        all.add(new HeaderLine(echoed, echoedValue == null ? "" : echoedValue));
      }
      all.add(new HeaderLine(CACHE_STATUS, status.text()));
      all.add(new HeaderLine("Content-Length", "0"));
      all.add(new HeaderLine("Date", date));
      present = HeaderLines.of(all);
      lines = present;
    }
    return present;
  }

  /// The access log reads the user of every hit, so avoid creating the list here.
  @Override
  public @Nullable String first(String name) {
    String stored = entry.first(name);
    if (stored != null) {
      return stored;
    }
    return isOfResponse(name) ? lines().first(name) : null;
  }

  /// Whether a line may be specific to this response.
  private boolean isOfResponse(String name) {
    return name.equalsIgnoreCase(entry.echoedHeader())
        || name.equalsIgnoreCase(CACHE_STATUS)
        || name.equalsIgnoreCase("Content-Length")
        || name.equalsIgnoreCase("Date");
  }

  @Override
  public int count(String name) {
    return lines().count(name);
  }

  @Override
  public void forEach(HeaderVisitor visitor) {
    lines().forEach(visitor);
  }
}
