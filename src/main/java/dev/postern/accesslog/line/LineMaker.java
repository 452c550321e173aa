package dev.postern.accesslog.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.config.AccessLogConfig;
import dev.postern.net.Endpoint;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// Formats the line of a request.
public final class LineMaker {
  private static final int USUAL_LENGTH = 512;

  private final Filter filter;
  private final LineFormat format;
  private final RequestFields.Upstream upstream;

  /// @param upstream the upstream's URL
  /// @param zone the time zone of `StartLocal`
  public LineMaker(AccessLogConfig config, Endpoint upstream, ZoneId zone) {
    filter = new Filter(config.filters());
    format = LineFormat.of(config.format(), Selection.of(config.fields()), zone);
    this.upstream = new RequestFields.Upstream(upstream.toString(), upstream.authority());
  }

  /// The line of a request.
  ///
  /// @return the line with its line end, or null if the request must not be logged
  public byte @Nullable [] line(CompletedRequest request) {
    long nanos = request.timing().nanos();
    if (!filter.keeps(request.answer().status(), 0, nanos)) {
      return null;
    }
    StringBuilder out = new StringBuilder(USUAL_LENGTH);
    Instant end = request.timing().start().plusNanos(nanos);
    format.append(new RequestFields(request, upstream), end, out);
    return out.toString().getBytes(ISO_8859_1);
  }
}
