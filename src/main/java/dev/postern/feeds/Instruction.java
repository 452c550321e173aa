package dev.postern.feeds;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a message on authentik's outpost channel says (docs/design/authentik.md section 4.2).
sealed interface Instruction {
  /// One session has ended: instruction 4 since 2025.8, instruction 3 with the sub type `logout`
  /// before. The type is not looked at, as outposts do not.
  record SessionEnd(String sid) implements Instruction {}

  /// A session end that names none: outposts end every session without an id
  /// (docs/design/authentik.md section 4.1).
  record SessionsEnd() implements Instruction {}

  /// Outposts reload their configuration, and do so up to nine seconds later.
  record Update() implements Instruction {}

  /// Acknowledgements and what later versions may add.
  record Other() implements Instruction {}

  /// Not a message of this channel.
  record Unreadable() implements Instruction {}

  /// Reads a message.
  ///
  /// @param text the whole message
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

  /// An id that is no text is no id: then more is ended than may be meant, never less.
  private static Instruction sessionEnd(JsonNode args) {
    JsonNode id = args.path("session_id");
    return id.isString() && !id.asString().isEmpty()
        ? new SessionEnd(id.asString())
        : new SessionsEnd();
  }

  /// Keeps the reader out of the interface.
  final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}
  }
}
