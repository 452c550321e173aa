package dev.postern.demo.idp;

import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Controls the identity provider over HTTP, on a separate port.
///
/// `GET /journal`, `DELETE /journal`, `GET /counters`, `PUT /faults` with `mode`, `delayMillis` and
/// `count`, `POST /revocations` with one of `sid`, `sub`, `username`, `POST /update`.
final class AdminApi {
  private static final JsonMapper JSON = new JsonMapper();

  private final DemoIdentityProvider provider;

  AdminApi(DemoIdentityProvider provider) {
    this.provider = provider;
  }

  Reply handle(HttpRequest request) {
    try {
      return route(request);
    } catch (JacksonException | IllegalArgumentException e) {
      return json(400, Map.of("error", String.valueOf(e.getMessage())));
    }
  }

  private Reply route(HttpRequest request) {
    return switch (request.method() + " " + request.path()) {
      case "GET /journal" -> journal();
      case "DELETE /journal" -> {
        provider.journal().clear();
        yield json(200, Map.of());
      }
      case "GET /counters" -> counters();
      case "PUT /faults" -> faults(JSON.readTree(request.body()));
      case "POST /revocations" -> revoke(JSON.readTree(request.body()));
      case "POST /update" -> {
        provider.refresh();
        yield json(200, Map.of());
      }
      default -> json(404, Map.of("error", "no such endpoint"));
    };
  }

  private Reply journal() {
    Journal journal = provider.journal();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("checkCount", journal.checkCount());
    body.put("checks", journal.checks().stream().map(AdminApi::check).toList());
    body.put("revocations", journal.revocations().stream().map(AdminApi::revocation).toList());
    return json(200, body);
  }

  private static Map<String, Object> check(Journal.CheckRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("began", record.began());
    fields.put("ended", record.ended());
    fields.put("time", record.time().toString());
    fields.put("application", record.application());
    fields.put("host", record.host());
    fields.put("cookie", record.cookie());
    fields.put("credential", record.credential());
    fields.put("sid", record.sid());
    fields.put("sub", record.sub());
    fields.put("status", record.status());
    fields.put("identity", record.identity());
    return fields;
  }

  private static Map<String, Object> revocation(Journal.RevocationRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sequence", record.sequence());
    fields.put("time", record.time().toString());
    fields.put("kind", record.kind());
    fields.put("value", record.value());
    return fields;
  }

  private Reply counters() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("checks", provider.journal().checkCount());
    body.put("sessions", provider.outpost().sessions());
    body.put("websockets", provider.sockets().connections());
    body.put("faults", provider.faults().mode().name());
    return json(200, body);
  }

  private Reply faults(JsonNode body) {
    Optional<FaultMode> mode = FaultMode.named(body.path("mode").asString("none"));
    if (mode.isEmpty()) {
      return json(400, Map.of("error", "unknown mode", "modes", List.of(FaultMode.values())));
    }
    provider.faults().delay(Duration.ofMillis(body.path("delayMillis").asLong(0)));
    int count = body.path("count").asInt(0);
    if (count > 0) {
      provider.faults().failNext(mode.get(), count);
    } else {
      provider.faults().mode(mode.get());
    }
    return json(200, Map.of());
  }

  private Reply revoke(JsonNode body) {
    if (body.size() != 1) {
      return json(400, Map.of("error", "exactly one of sid, sub, username"));
    }
    int ended;
    if (body.has("sid")) {
      ended = provider.endSession(body.path("sid").asString(""));
    } else if (body.has("sub")) {
      ended = provider.endSubject(body.path("sub").asString(""));
    } else if (body.has("username")) {
      ended = provider.deleteUser(body.path("username").asString("")) ? 1 : 0;
    } else {
      return json(400, Map.of("error", "exactly one of sid, sub, username"));
    }
    return json(200, Map.of("ended", ended));
  }

  private static Reply json(int status, Map<String, ?> body) {
    return Reply.Response.text(status, "application/json", JSON.writeValueAsString(body));
  }
}
