package dev.postern.demo.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a handler does with the connection.
public sealed interface Reply {
  /// A well-formed response. The server adds `Date`, `Content-Length` or `Transfer-Encoding`, and
  /// `Connection: close` where it applies, after the given headers, as Go's server does.
  ///
  /// @param status the status code
  /// @param headers the header lines in wire order
  /// @param body the body; not sent for HEAD, 204 and 304
  /// @param framing how the end of the body is announced
  @SuppressWarnings("ArrayRecordComponent") // bodies are written, never compared or changed
  record Response(int status, List<Header> headers, byte[] body, Framing framing) implements Reply {
    /// Copies the list of headers.
    public Response {
      headers = List.copyOf(headers);
    }

    /// A response with a length.
    ///
    /// @param status the status code
    /// @param headers the header lines in wire order
    public Response(int status, List<Header> headers, byte[] body) {
      this(status, headers, body, Framing.LENGTH);
    }

    /// A text response.
    ///
    /// @param status the status code
    /// @param contentType the media type
    /// @param text the body, sent as UTF-8
    /// @return the response, with `Cache-Control: no-store`
    public static Response text(int status, String contentType, String text) {
      return new Response(
          status,
          List.of(new Header("Content-Type", contentType), new Header("Cache-Control", "no-store")),
          text.getBytes(StandardCharsets.UTF_8));
    }

    /// A redirect with status 302 and an empty body.
    ///
    /// @param location the target
    /// @param more further header lines
    public static Response redirect(String location, Header... more) {
      List<Header> headers = new ArrayList<>(List.of(more));
      headers.add(new Header("Location", location));
      headers.add(new Header("Cache-Control", "no-store"));
      return new Response(302, headers, new byte[0]);
    }

    /// The first value of a header.
    ///
    /// @param name the name, any case
    /// @return the value, empty if there is no such line
    public String header(String name) {
      return Headers.first(headers, name);
    }

    /// The body as UTF-8 text.
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /// How the end of a body is announced.
  enum Framing {
    /// by `Content-Length`
    LENGTH,
    /// by one chunk and the last chunk
    CHUNKED
  }

  /// These bytes and then the end of the connection.
  ///
  /// @param bytes what is written, possibly nothing
  /// @param pause how long to wait after each byte, zero to write at once
  /// @param ending how the connection ends
  @SuppressWarnings("ArrayRecordComponent") // bodies are written, never compared or changed
  record Raw(byte[] bytes, Duration pause, Ending ending) implements Reply {}

  /// How a connection ends.
  enum Ending {
    /// an orderly end of the stream
    CLOSE,
    /// a TCP reset
    RESET
  }

  /// A change of protocol: the head is written, then the conversation owns the connection.
  ///
  /// @param status the status code, 101
  /// @param headers the header lines of the response
  /// @param conversation runs until the connection ends
  record Upgrade(int status, List<Header> headers, Conversation conversation) implements Reply {}

  /// Owns an upgraded connection.
  @FunctionalInterface
  interface Conversation {
    /// Runs the conversation; the connection is closed when it returns.
    ///
    /// @param in what the client sends
    /// @param out what the client receives
    /// @throws IOException if the connection breaks
    void run(InputStream in, OutputStream out) throws IOException;
  }
}
