package dev.postern.routing.source.authentik;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A proxy provider in authentik's API, with the fields that matter here (docs/design/authentik.md
/// section 5).
///
/// @param slug slug of its application, or empty if it has none
/// @param mode how its outpost protects the application
/// @param externalHost URL that browsers use
/// @param cookieDomain domain of its cookie, as stored
/// @param clientId its OAuth client
/// @param validity `access_token_validity`, as stored
/// @param details other fields that affect its verdicts, for display
record ProxyProvider(
    String name,
    String slug,
    Mode mode,
    String externalHost,
    String cookieDomain,
    String clientId,
    String validity,
    Map<String, String> details) {

  /// How an outpost protects an application.
  enum Mode {
    SINGLE,
    DOMAIN,
    /// A mode without forward auth.
    OTHER
  }

  static ProxyProvider of(JsonNode result) {
    Mode mode =
        switch (text(result, "mode")) {
          case "forward_single" -> Mode.SINGLE;
          case "forward_domain" -> Mode.DOMAIN;
          case String _ -> Mode.OTHER;
        };
    return new ProxyProvider(
        text(result, "name"),
        text(result, "assigned_application_slug"),
        mode,
        text(result, "external_host"),
        text(result, "cookie_domain"),
        text(result, "client_id"),
        text(result, "access_token_validity"),
        details(result));
  }

  /// Whether outposts load it. In every mode it takes precedence for forward-auth requests to its
  /// external host (docs/design/authentik.md section 3).
  boolean isLoaded() {
    return !slug.isEmpty();
  }

  private static Map<String, String> details(JsonNode result) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("provider", text(result, "name"));
    details.put("externalHost", text(result, "external_host"));
    details.put("cookieName", CookieName.of(text(result, "client_id")));
    details.put("skipPathRegex", text(result, "skip_path_regex"));
    details.put("interceptHeaderAuth", text(result, "intercept_header_auth"));
    details.put("basicAuth", basicAuth(result));
    details.put("propertyMappings", texts(result, "property_mappings"));
    details.put("outposts", texts(result, "outpost_set"));
    details.values().removeIf(String::isEmpty);
    return details;
  }

  /// The names of attributes, never their values.
  private static String basicAuth(JsonNode result) {
    return result.path("basic_auth_enabled").asBoolean(false)
        ? text(result, "basic_auth_user_attribute")
            + ", "
            + text(result, "basic_auth_password_attribute")
        : "";
  }

  private static String text(JsonNode result, String key) {
    return result.path(key).asString("");
  }

  private static String texts(JsonNode result, String key) {
    List<String> texts = new ArrayList<>();
    result.path(key).forEach(value -> texts.add(value.asString("")));
    return String.join(", ", texts);
  }
}
