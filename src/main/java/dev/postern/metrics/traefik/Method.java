package dev.postern.metrics.traefik;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/// The values of the label `method`, a fixed set, because clients choose methods freely.
enum Method {
  GET,
  HEAD,
  POST,
  PUT,
  DELETE,
  CONNECT,
  OPTIONS,
  TRACE,
  PATCH,
  PRI,
  EXTENSION_METHOD,
  NON_UTF8_HTTP_METHOD;

  /// The label of a method.
  ///
  /// @param method raw bytes, one per character
  static Method of(String method) {
    return switch (method) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "POST" -> POST;
      case "PUT" -> PUT;
      case "DELETE" -> DELETE;
      case "CONNECT" -> CONNECT;
      case "OPTIONS" -> OPTIONS;
      case "TRACE" -> TRACE;
      case "PATCH" -> PATCH;
      case "PRI" -> PRI;
      default -> isUtf8(method) ? EXTENSION_METHOD : NON_UTF8_HTTP_METHOD;
    };
  }

  private static boolean isUtf8(String raw) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.getBytes(ISO_8859_1))).limit() >= 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
