package dev.postern.routing.source;

import dev.postern.config.key.Words;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One response of an API.
public final class ApiPage {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String path;
  private final Map<String, String> fields;
  private final String body;
  private final ApiMessages failures;

  ApiPage(String path, ApiResponseReader.Response answer, ApiMessages failures) {
    this.path = path;
    this.fields = answer.fields();
    this.body = answer.body();
    this.failures = failures;
  }

  /// The requested path and query, relative to the endpoint.
  public String path() {
    return path;
  }

  String body() {
    return body;
  }

  /// A header value, or empty; the name matches in any case.
  public String field(String name) {
    return fields.getOrDefault(Words.lower(name), "");
  }

  /// The body as an array.
  ///
  /// @throws ApiFailure if it is anything else
  public JsonNode array() throws ApiFailure {
    JsonNode json = json();
    if (!json.isArray()) {
      throw unlike("an array");
    }
    return json;
  }

  /// The body as JSON.
  ///
  /// @throws ApiFailure if it is anything else
  public JsonNode json() throws ApiFailure {
    try {
      return MAPPER.readTree(body);
    } catch (JacksonException e) {
      String begin = body.stripLeading();
      boolean isBegun = begin.startsWith("[") || begin.startsWith("{");
      // The parser gives no location for input that is nested too deeply.
      TokenStreamLocation place = e.getLocation();
      if (isBegun && place != null && place.getCharOffset() >= body.length()) {
        throw failures.notJson(path, "truncated JSON");
      }
      throw failures.notJson(path, begin.startsWith("<") ? "HTML instead of JSON" : "not JSON");
    }
  }

  /// A failure for a body with unexpected content.
  ///
  /// @param expected what it should be, such as `an array`
  public ApiFailure unlike(String expected) {
    return failures.notJson(path, "JSON, but not " + expected);
  }
}
