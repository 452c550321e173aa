package dev.postern.cli;

import dev.postern.logging.LogText;
import dev.postern.routing.lint.Finding;
import dev.postern.routing.lint.Finding.Excerpt;
import dev.postern.routing.lint.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Formats findings as text, JSON and annotations of GitHub workflows.
final class FindingText {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern PLACE =
      Pattern.compile("(?s)(.+?\\.(?:ya?ml|toml)):(\\d+)(?:: (.*))?");
  private static final int SHOWN = 100;

  private FindingText() {}

  /// One line; for a position in a rule also the rule and a caret below it.
  static List<String> lines(Finding finding) {
    List<String> lines = new ArrayList<>();
    lines.add(
        LogText.escape(
            finding.origin()
                + ": "
                + severity(finding)
                + ": "
                + sentence(finding)
                + " ["
                + finding.check()
                + "]"));
    Excerpt excerpt = finding.excerpt();
    if (excerpt != null) {
      lines.addAll(excerpt(excerpt));
    }
    return lines;
  }

  private static String sentence(Finding finding) {
    boolean isVerb = finding.message().matches("(?s)(has|asks|never|and|ranks|is|gets) .*");
    String separator = finding.subject().isEmpty() ? "" : isVerb ? " " : ": ";
    return finding.subject() + separator + finding.message();
  }

  private static String severity(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }

  /// The rule on one line; a long rule is cut around the column.
  private static List<String> excerpt(Excerpt excerpt) {
    int[] points = excerpt.rule().codePoints().map(c -> c < ' ' ? ' ' : c).toArray();
    int column = Math.clamp(excerpt.column() - 1L, 0, Math.max(points.length - 1, 0));
    int from = points.length <= SHOWN ? 0 : Math.max(0, column - SHOWN / 2);
    int to = Math.min(points.length, from + SHOWN);
    String cut = from > 0 ? "…" : "";
    String shown = cut + new String(points, from, to - from) + (to < points.length ? "…" : "");
    return List.of(
        "    " + LogText.escape(shown), "    " + " ".repeat(cut.length() + column - from) + "^");
  }

  /// `{"valid":…,"problems":[…],"warnings":[…]}`
  static String json(List<Finding> findings) {
    ObjectNode root = JSON.createObjectNode();
    root.put("valid", findings.stream().noneMatch(one -> one.severity() == Severity.ERROR));
    ArrayNode problems = root.putArray("problems");
    ArrayNode warnings = root.putArray("warnings");
    for (Finding finding : findings) {
      ObjectNode node = (finding.severity() == Severity.ERROR ? problems : warnings).addObject();
      node.put("check", finding.check());
      node.put("path", finding.origin());
      if (!finding.subject().isEmpty()) {
        node.put("subject", finding.subject());
      }
      node.put("message", finding.message());
      Excerpt excerpt = finding.excerpt();
      if (excerpt != null) {
        node.put("rule", excerpt.rule());
        node.put("column", excerpt.column());
      }
    }
    return root.toString();
  }

  /// A workflow command that GitHub shows beside the line of the file.
  static String annotation(Finding finding) {
    Matcher place = PLACE.matcher(finding.origin());
    StringBuilder out = new StringBuilder("::").append(severity(finding)).append(' ');
    String subject = "";
    if (place.matches()) {
      out.append("file=").append(property(place.group(1))).append(",line=").append(place.group(2));
      subject = place.group(3) == null ? "" : place.group(3) + ": ";
      out.append(",");
    } else {
      subject = finding.origin().isEmpty() ? "" : finding.origin() + ": ";
    }
    return out.append("title=")
        .append(property(finding.check()))
        .append("::")
        .append(data(subject + sentence(finding)))
        .toString();
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
