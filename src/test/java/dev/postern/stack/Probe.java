package dev.postern.stack;

import dev.postern.testing.AccessLogs;
import dev.postern.testing.RawMessage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// All that a request came to. Of two requests with equal probes, nothing in which they differed
/// has reached Postern's decision or the application.
///
/// @param status what the client was answered
/// @param login who is asked to log in for which page, empty when nobody is
/// @param application what the application saw, empty when it was not reached
/// @param decision what Postern decided about, by its access log; empty when it was not asked
record Probe(int status, String login, String application, Map<String, Object> decision) {
  private static final Pattern CHALLENGE =
      Pattern.compile("client_id=([^&]+)&.*state=[^.]+\\.([^.]+)\\.");
  private static final List<String> DECIDED =
      List.of(
          "Application",
          "ClientHost",
          "Decision",
          "RequestAddr",
          "RequestMethod",
          "RequestPath",
          "RequestScheme",
          "RouterName");

  static Probe of(RawMessage answer, List<Site.Seen> seen, List<String> logLines) {
    Map<String, Object> decision = new TreeMap<>();
    for (String line : logLines) {
      decision.putAll(AccessLogs.parsed(line));
    }
    decision.keySet().retainAll(DECIDED);
    StringBuilder application = new StringBuilder();
    seen.forEach(request -> application.append(request).append('\n'));
    return new Probe(answer.status(), login(answer), application.toString(), decision);
  }

  /// The client and the page of a challenge: the page is in the state, a token of the outpost's
  /// own.
  static String login(RawMessage answer) {
    String location = answer.first("Location");
    Matcher challenge = CHALLENGE.matcher(location == null ? "" : location);
    if (!challenge.find()) {
      return "";
    }
    String state =
        new String(Base64.getUrlDecoder().decode(challenge.group(2)), StandardCharsets.UTF_8);
    String page = JsonMapper.shared().readTree(state).path("redirect").asString("");
    return challenge.group(1) + " for " + page;
  }
}
