package dev.postern.demo.core;

import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The part of authentik's API that discovery uses: `/api/v3/providers/proxy/` and
/// `/api/v3/outposts/instances/`, with a token and with pages (docs/design/authentik.md section 5).
public final class ManagementApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int DEFAULT_PAGE_SIZE = 20;
  private static final int MAX_PAGE_SIZE = 100;

  private final Core core;
  private final String token;
  private final String outpostId;
  private final String outpostName;
  private final boolean embedded;

  /// The API of a core with one outpost.
  ///
  /// @param core the source of applications
  /// @param token the API token
  /// @param outpostId the outpost's uuid
  /// @param outpostName the outpost's name
  /// @param embedded whether it is the embedded one
  public ManagementApi(
      Core core, String token, String outpostId, String outpostName, boolean embedded) {
    this.core = core;
    this.token = token;
    this.outpostId = outpostId;
    this.outpostName = outpostName;
    this.embedded = embedded;
  }

  /// Handles a request below `/api/v3/`.
  public Reply handle(HttpRequest request) {
    String authorization = request.header("Authorization");
    if (authorization.isEmpty()) {
      return problem(403, "Authentication credentials were not provided.");
    }
    if (!authorization.equals("Bearer " + token)) {
      return problem(403, "Token invalid/expired");
    }
    if (!request.method().equals("GET")) {
      return problem(405, "Method \"" + request.method() + "\" not allowed.");
    }
    return switch (request.path()) {
      case "/api/v3/providers/proxy/" -> page(request.query(), providers());
      case "/api/v3/outposts/instances/" -> page(request.query(), List.of(outpost()));
      default -> problem(404, "Not found.");
    };
  }

  private static Reply problem(int status, String detail) {
    return json(status, Map.of("detail", detail));
  }

  private static Reply json(int status, Map<String, ?> body) {
    return Reply.Response.text(status, "application/json", JSON.writeValueAsString(body));
  }

  private static Reply page(String query, List<Map<String, Object>> all) {
    int size = Math.clamp(number(query, "page_size", DEFAULT_PAGE_SIZE), 1, MAX_PAGE_SIZE);
    int pages = Math.max(1, (all.size() + size - 1) / size);
    int page = number(query, "page", 1);
    if (page < 1 || page > pages) {
      return problem(404, "Invalid page.");
    }
    int from = (page - 1) * size;
    int to = Math.min(all.size(), from + size);
    Map<String, Object> pagination = new LinkedHashMap<>();
    pagination.put("next", page < pages ? page + 1 : 0);
    pagination.put("previous", page - 1);
    pagination.put("count", all.size());
    pagination.put("current", page);
    pagination.put("total_pages", pages);
    pagination.put("start_index", all.isEmpty() ? 0 : from + 1);
    pagination.put("end_index", to);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("pagination", pagination);
    body.put("results", all.subList(from, to));
    return json(200, body);
  }

  private static int number(String query, String name, int otherwise) {
    try {
      return Integer.parseInt(GoQuery.get(query, name));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private List<Map<String, Object>> providers() {
    List<Map<String, Object>> providers = new ArrayList<>();
    int pk = 1;
    for (DemoApplication application : core.applications()) {
      providers.add(provider(pk++, application));
    }
    return providers;
  }

  private Map<String, Object> provider(int pk, DemoApplication application) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pk", pk);
    fields.put("name", application.name());
    fields.put("assigned_application_slug", application.slug());
    fields.put("assigned_application_name", application.slug());
    fields.put("client_id", application.clientId());
    fields.put("internal_host", "");
    fields.put("external_host", application.externalHost());
    fields.put("internal_host_ssl_validation", true);
    fields.put("skip_path_regex", application.skipPathRegex());
    fields.put("basic_auth_enabled", application.basicAuth().enabled());
    fields.put("basic_auth_user_attribute", application.basicAuth().userAttribute());
    fields.put("basic_auth_password_attribute", application.basicAuth().passwordAttribute());
    fields.put("mode", application.mode().wireName());
    fields.put("intercept_header_auth", application.interceptHeaderAuth());
    fields.put("cookie_domain", application.cookieDomain());
    fields.put("access_token_validity", duration(application.accessTokenValidity()));
    fields.put("outpost_set", List.of(outpostName));
    return fields;
  }

  private static String duration(Duration validity) {
    return validity.toSeconds() % 3600 == 0
        ? "hours=" + validity.toHours()
        : "seconds=" + validity.toSeconds();
  }

  private Map<String, Object> outpost() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pk", outpostId);
    fields.put("name", outpostName);
    fields.put("type", "proxy");
    List<Integer> keys = new ArrayList<>();
    for (int pk = 1; pk <= core.applications().size(); pk++) {
      keys.add(pk);
    }
    fields.put("providers", keys);
    fields.put("refresh_interval_s", 300);
    fields.put("managed", embedded ? "goauthentik.io/outposts/embedded" : "");
    return fields;
  }
}
