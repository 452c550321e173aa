package dev.postern.config.key;

import dev.postern.config.AccessLogConfig.StatusRange;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lists of HTTP statuses and ranges of them, as Traefik writes them.
public final class StatusRanges {
  /// `401`, `500-599`
  public static final Kind<List<StatusRange>> KIND =
      new Kind<>("a list of statuses and ranges", Kind.Shape.LIST, false, StatusRanges::parse);

  private static final Pattern RANGE = Pattern.compile("(\\d{3})(?:\\s*-\\s*(\\d{3}))?");

  private StatusRanges() {}

  private static List<StatusRange> parse(String text) throws BadValueException {
    var ranges = new ArrayList<StatusRange>();
    for (String part : text.split(",", -1)) {
      String one = part.strip();
      Matcher matcher = RANGE.matcher(one);
      if (!matcher.matches()) {
        throw BadValueException.of(one, "is not a status; write 404 or 500-599");
      }
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (first > last) {
        throw BadValueException.of(one, "is an empty range; write the lower status first");
      }
      ranges.add(new StatusRange(first, last));
    }
    return List.copyOf(ranges);
  }
}
