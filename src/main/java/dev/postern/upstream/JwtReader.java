package dev.postern.upstream;

import dev.postern.verdict.TokenClaims;
import dev.postern.verdict.TokenReader;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads the payload of a compact JWT (RFC 7519) that came directly from the upstream; signatures
/// are not checked (docs/design/authentik.md section 2.3).
public final class JwtReader implements TokenReader {
  private final JsonFactory json =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @Override
  public @Nullable TokenClaims read(String token) {
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0) {
      return null;
    }
    try {
      return claims(Base64.getUrlDecoder().decode(token.substring(first + 1, second)));
    } catch (IllegalArgumentException | JacksonException | ArithmeticException notAJwt) {
      return null;
    }
  }

  private @Nullable TokenClaims claims(byte[] payload) {
    String sub = null;
    String sid = null;
    String audience = null;
    Long expiresAtMillis = null;
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "sub" -> sub = text(parser, value);
          case "sid" -> sid = text(parser, value);
          case "aud" -> audience = audience(parser, value);
          case "exp" -> expiresAtMillis = millis(parser, value);
          case String _ -> parser.skipChildren();
        }
      }
      boolean complete =
          parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      return complete ? new TokenClaims(sub, sid, audience, expiresAtMillis) : null;
    }
  }

  private static @Nullable String text(JsonParser parser, JsonToken value) {
    if (value == JsonToken.VALUE_STRING && !parser.getString().isEmpty()) {
      return parser.getString();
    }
    parser.skipChildren();
    return null;
  }

  /// One audience, alone or as the only element of a list (RFC 7519 section 4.1.3).
  private static @Nullable String audience(JsonParser parser, JsonToken value) {
    if (value != JsonToken.START_ARRAY) {
      return text(parser, value);
    }
    String only = null;
    int count = 0;
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      only = text(parser, next);
      count++;
    }
    return count == 1 ? only : null;
  }

  /// NumericDate: seconds; a fraction below milliseconds is cut off (RFC 7519 section 2).
  private static @Nullable Long millis(JsonParser parser, JsonToken value) {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      return Math.multiplyExact(parser.getLongValue(), TimeUnit.SECONDS.toMillis(1));
    }
    if (value == JsonToken.VALUE_NUMBER_FLOAT) {
      double seconds = parser.getDoubleValue();
      return seconds < 1e12 ? (long) (seconds * 1000) : null;
    }
    parser.skipChildren();
    return null;
  }
}
