package dev.postern.demo.golang;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What Go's `http.Redirect` and `http.Error` write.
public final class GoRedirect {
  private GoRedirect() {}

  /// The target that `http.Redirect` writes for a URL: one without scheme is made absolute and
  /// clean.
  ///
  /// @param url the target as a byte string
  /// @param requestPath the decoded path of the request
  public static String target(String url, String requestPath) {
    Optional<GoUrl> parsed = GoUrl.parse(url);
    if (parsed.isEmpty() || !parsed.get().scheme().isEmpty()) {
      return url;
    }
    String absolute = url;
    if (!url.startsWith("/")) {
      absolute = requestPath.substring(0, requestPath.lastIndexOf('/') + 1) + url;
    }
    int question = absolute.indexOf('?');
    String query = question < 0 ? "" : absolute.substring(question);
    String path = question < 0 ? absolute : absolute.substring(0, question);
    return clean(path) + query;
  }

  private static String clean(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    String cleaned = "/" + String.join("/", segments);
    return path.endsWith("/") && !cleaned.endsWith("/") ? cleaned + "/" : cleaned;
  }

  /// The short HTML body of a 302.
  ///
  /// @param url the target as a byte string
  public static byte[] body(String url) {
    String body = "<a href=\"" + escapeHtml(url) + "\">Found</a>.\n\n";
    return body.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The value of the `Location` header.
  ///
  /// @param url the target as a byte string
  /// @return the target with all bytes above 7 bits as escapes
  public static String location(String url) {
    StringBuilder out = new StringBuilder(url.length());
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c < 0x80) {
        out.append(c);
      } else {
        out.append('%').append(Integer.toHexString(c));
      }
    }
    return out.toString();
  }

  /// Escapes text for HTML as Go's redirect does.
  ///
  /// @return the escaped text
  public static String escapeHtml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
