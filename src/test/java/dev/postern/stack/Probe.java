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

/// The complete result of a request. If two requests have equal probes, their differences reached
/// neither Postern's decision nor the application.
///
/// @param status the status of the response
/// @param login the client and page of a login redirect, empty without one
/// @param application the request that the application received, empty if none
/// @param decision the request that Postern checked, from its access log; empty if none
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

  static Probe of(RawMessage answer, List<Site.ReceivedRequest> seen, List<String> logLines) {
    Map<String, Object> decision = new TreeMap<>();
    for (String line : logLines) {
      decision.putAll(AccessLogs.parsed(line));
    }
    decision.keySet().retainAll(DECIDED);
    StringBuilder application = new StringBuilder();
    seen.forEach(request -> application.append(request).append('\n'));
    return new Probe(answer.status(), login(answer), application.toString(), decision);
  }

  /// The client and the page of a challenge. The page is in the state, a token signed by the
  /// outpost.
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
