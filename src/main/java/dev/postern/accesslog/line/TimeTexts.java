package dev.postern.accesslog.line;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Formats times. All requests of one second share the formatted second.
final class TimeTexts {
  private static final DateTimeFormatter CLF =
      DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ENGLISH);
  private static final DateTimeFormatter OFFSET =
      DateTimeFormatter.ofPattern("XXX", Locale.ENGLISH);

  /// One second in one zone.
  private record Second(long epoch, String clf, String rfc, String offset) {}

  private final ZoneId zone;
  // Replaced as a whole by the first thread that sees the next second.
  private volatile Second last = new Second(Long.MIN_VALUE, "", "", "");

  private TimeTexts(ZoneId zone) {
    this.zone = zone;
  }

  static TimeTexts utc() {
    return new TimeTexts(ZoneOffset.UTC);
  }

  static TimeTexts in(ZoneId zone) {
    return new TimeTexts(zone);
  }

  /// `10/Nov/2009:23:00:00 +0000`.
  String clf(Instant time) {
    return second(time.getEpochSecond()).clf();
  }

  /// RFC 3339 without a fraction.
  String rfc3339(Instant time) {
    Second second = second(time.getEpochSecond());
    return second.rfc() + second.offset();
  }

  /// RFC 3339 with the fraction, without its trailing zeros.
  void appendRfc3339Nano(Instant time, StringBuilder out) {
    Second second = second(time.getEpochSecond());
    out.append(second.rfc());
    int nanos = time.getNano();
    if (nanos != 0) {
      int digits = 9;
      while (nanos % 10 == 0) {
        nanos /= 10;
        digits--;
      }
      String fraction = Integer.toString(nanos);
      out.append('.').repeat('0', digits - fraction.length()).append(fraction);
    }
    out.append(second.offset());
  }

  private Second second(long epoch) {
    Second second = last;
    if (second.epoch() != epoch) {
      var zoned = Instant.ofEpochSecond(epoch).atZone(zone);
      second = new Second(epoch, CLF.format(zoned), SECONDS.format(zoned), OFFSET.format(zoned));
      last = second;
    }
    return second;
  }
}
