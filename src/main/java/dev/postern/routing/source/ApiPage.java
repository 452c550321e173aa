package dev.postern.routing.source;

import dev.postern.config.key.Words;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One answer of an API.
public final class ApiPage {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String path;
  private final Map<String, String> fields;
  private final String body;
  private final ApiMessages failures;

  ApiPage(String path, ApiResponseReader.Answer answer, ApiMessages failures) {
    this.path = path;
    this.fields = answer.fields();
    this.body = answer.body();
    this.failures = failures;
  }

  /// What was asked for.
  ///
  /// @return path and query below the endpoint's own path
  public String path() {
    return path;
  }

  String body() {
    return body;
  }

  /// A line of its header.
  ///
  /// @param name the line's name, in any case
  /// @return the value, empty when there is none
  public String field(String name) {
    return fields.getOrDefault(Words.lower(name), "");
  }

  /// Its body as an array.
  ///
  /// @return the array
  /// @throws ApiFailure if it is anything else
  public JsonNode array() throws ApiFailure {
    JsonNode json = json();
    if (!json.isArray()) {
      throw unlike("an array");
    }
    return json;
  }

  /// Its body as JSON.
  ///
  /// @return the JSON
  /// @throws ApiFailure if it is anything else
  public JsonNode json() throws ApiFailure {
    try {
      return MAPPER.readTree(body);
    } catch (JacksonException e) {
      String begin = body.stripLeading();
      boolean isBegun = begin.startsWith("[") || begin.startsWith("{");
      // What is nested too deeply has no place.
      TokenStreamLocation place = e.getLocation();
      if (isBegun && place != null && place.getCharOffset() >= body.length()) {
        throw failures.notJson(path, "JSON that ends in its midst");
      }
      throw failures.notJson(path, begin.startsWith("<") ? "HTML instead of JSON" : "not JSON");
    }
  }

  /// The failure to make sense of the body.
  ///
  /// @param expected what it should be, such as `an array`
  /// @return the failure, to be thrown
  public ApiFailure unlike(String expected) {
    return failures.notJson(path, "JSON, but not " + expected);
  }
}
