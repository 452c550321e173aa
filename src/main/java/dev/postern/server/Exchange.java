package dev.postern.server;

import dev.postern.net.HeaderLines;
import dev.postern.net.RequestHeaders;
import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.UpstreamResponse;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request on an auth entry point and the way to respond to it, the same for HTTP/1.1 and
/// HTTP/2.
///
/// Every method must be called on [#eventLoop], and every callback runs there. For each request
/// call exactly one of the `respond` methods, [#begin] or [#abort]; calls after the end of the
/// exchange are ignored.
public interface Exchange {
  /// The head of a request as it was received.
  ///
  /// @param target the raw request target: the bytes of the request line, or of `:path`
  /// @param protocol `HTTP/1.0`, `HTTP/1.1` or `HTTP/2.0`
  /// @param scheme `http` or `https`, from the connection
  /// @param authority `Host` or `:authority`
  /// @param headers the header lines, including hop-by-hop ones. Over HTTP/2 cookie crumbs are
  ///   joined (RFC 9113 section 8.2.3) and `:authority` appears as a `Host` line.
  record Head(
      String method,
      String target,
      String protocol,
      String scheme,
      String authority,
      RequestHeaders headers) {}

  /// The TLS session of a connection.
  ///
  /// @param version in the access log's form: `1.3`, `1.2` or `unknown`
  /// @param cipher the JDK's name of the cipher suite
  record TlsSession(String version, String cipher) {}

  /// How an exchange ended.
  ///
  /// @param status the status that was sent, or 0 if the exchange ended before a head was sent
  /// @param headers the header lines that were sent, without hop-by-hop ones
  /// @param bytesSent bytes of the response's body that were sent
  /// @param bytesReceived bytes of the request's body that were received
  /// @param complete whether the whole response was handed to the connection; false after an abort
  ///   by either side
  record Completion(
      int status, RequestHeaders headers, long bytesSent, long bytesReceived, boolean complete) {}

  /// The event loop of the connection.
  EventLoop eventLoop();

  /// The head of the request.
  ///
  /// @return the head; valid until the end of the exchange. Copy the header lines
  ///   ([HeaderLines#copyOf]) to keep them longer.
  Head head();

  /// The peer's address and port.
  InetSocketAddress peer();

  /// The local port that the peer has connected to.
  int localPort();

  /// The TLS session.
  ///
  /// @return the session, or null over plain TCP
  @Nullable TlsSession tls();

  /// Whether the request has a body, even an empty one: over HTTP/1.1 a `Content-Length` above 0 or
  /// chunks, over HTTP/2 a head that does not end the stream.
  ///
  /// @return whether [#body] must be read
  boolean hasBody();

  /// Counts the memory of the request for its client until the end of the exchange. Call it before
  /// the request waits for anything; requests that are answered at once need not be counted. If the
  /// client's other requests use up its share, this sends the refusal.
  ///
  /// @param client the client that the request is counted for
  /// @return false if there was no room, and the response has been sent
  boolean countFor(String client);

  /// The body of the request. If it is not read when the response is complete, up to a limit of it
  /// is discarded; beyond the limit an HTTP/1.1 connection is closed and an HTTP/2 stream is reset
  /// with `NO_ERROR` (RFC 9113 section 8.1).
  ///
  /// @return the body, to be started at most once
  BodySource body();

  /// Responds from a cache entry, with an empty body.
  ///
  /// @param echoedValue value of the entry's [Entry#echoedHeader] line, or null if it has none
  /// @param status value of `X-Postern-Cache`
  void respond(Entry entry, @Nullable String echoedValue, CacheStatus status);

  /// Sends a complete response. `Content-Length` and `Date` are added.
  ///
  /// @param response the response; to a `HEAD` request its body is not sent
  void respond(UpstreamResponse response);

  /// Begins a response whose body follows. It is framed by `Content-Length` if the header lines
  /// have one, otherwise by chunks (HTTP/1.1) or the end of the stream.
  ///
  /// @param headers header lines without hop-by-hop ones; `Date` is added if missing
  /// @return the sink for the body
  BodySink begin(int status, HeaderLines headers);

  /// Whether the head of a response has been sent, so that the status can no longer change.
  boolean isResponseBegun();

  /// Ends the exchange so that the client does not take a part of the response for the whole:
  /// resets the HTTP/2 stream or closes the HTTP/1.1 connection.
  void abort();

  /// Whether the exchange is over: the response is complete, aborted, or the peer has cancelled it.
  boolean isOver();

  /// Adds a listener for the end of the exchange.
  ///
  /// @param listener called once, in the order of adding; at once if the exchange is already over
  void whenOver(Consumer<Completion> listener);

  /// Closes an HTTP/1.1 connection after this response and announces it (`Connection: close`). On
  /// HTTP/2 it does nothing, because the entry point sends a GOAWAY instead.
  void closeAfterResponse();
}
