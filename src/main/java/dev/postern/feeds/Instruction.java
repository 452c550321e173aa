package dev.postern.feeds;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A message on authentik's outpost channel (docs/design/authentik.md section 4.2).
sealed interface Instruction {
  /// One session has ended: instruction 4 since 2025.8, before that instruction 3 with the sub type
  /// `logout`. The message type is ignored, as outposts do.
  record SessionEnd(String sid) implements Instruction {}

  /// A session end without an id: outposts then end every session that has no id
  /// (docs/design/authentik.md section 4.1).
  record SessionsEnd() implements Instruction {}

  /// Outposts reload their configuration, up to nine seconds later.
  record Update() implements Instruction {}

  /// Acknowledgements, and instructions of later versions.
  record Other() implements Instruction {}

  record Unreadable() implements Instruction {}

  /// Parses a whole message.
  static Instruction read(String text) {
    JsonNode frame;
    try {
      frame = Json.MAPPER.readTree(text);
    } catch (JacksonException notJson) {
      return new Unreadable();
    }
    JsonNode number = frame.path("instruction");
    if (!number.isIntegralNumber()) {
      return new Unreadable();
    }
    JsonNode args = frame.path("args");
    return switch (number.asString()) {
      case "2" -> new Update();
      case "3" ->
          args.path("sub_type").asString("").equals("logout") ? sessionEnd(args) : new Other();
      case "4" -> sessionEnd(args);
      case String _ -> new Other();
    };
  }

  /// A non-text id counts as missing: that may end more than intended, never less.
  private static Instruction sessionEnd(JsonNode args) {
    JsonNode id = args.path("session_id");
    return id.isString() && !id.asString().isEmpty()
        ? new SessionEnd(id.asString())
        : new SessionsEnd();
  }

  /// Keeps the mapper private.
  final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}
  }
}
