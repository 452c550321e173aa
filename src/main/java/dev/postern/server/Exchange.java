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
/// Every method is called on [#eventLoop], and every callback runs there. Exactly one of the
/// `respond` methods, [#begin] or [#abort] is called for a request; what comes after the exchange
/// is over is ignored.
public interface Exchange {
  /// The head of a request as it was received.
  ///
  /// @param method the method
  /// @param target the raw request target: the bytes of the request line, or of `:path`
  /// @param protocol `HTTP/1.0`, `HTTP/1.1` or `HTTP/2.0`
  /// @param scheme `http` or `https`, by the connection
  /// @param authority `Host` or `:authority`
  /// @param headers the header lines; over HTTP/2 cookie crumbs are joined (RFC 9113 section 8.2.3)
  ///   and a `Host` line stands for `:authority`. Lines that belong to the connection are still
  ///   there.
  record Head(
      String method,
      String target,
      String protocol,
      String scheme,
      String authority,
      RequestHeaders headers) {}

  /// The TLS session of a connection.
  ///
  /// @param version as the access log writes it: `1.3`, `1.2` or `unknown`
  /// @param cipher the JDK's name of the cipher suite
  record TlsSession(String version, String cipher) {}

  /// How an exchange ended.
  ///
  /// @param status the status that was sent, or 0 if no head was sent before the exchange was over
  /// @param headers the header lines that were sent, without those of the connection
  /// @param bytesSent bytes of the response's body that were sent
  /// @param bytesReceived bytes of the request's body that were received
  /// @param complete whether the whole response was handed to the connection; false after an abort
  ///   by either side
  record Completion(
      int status, RequestHeaders headers, long bytesSent, long bytesReceived, boolean complete) {}

  /// The event loop that the exchange belongs to.
  ///
  /// @return the connection's event loop
  EventLoop eventLoop();

  /// The head of the request.
  ///
  /// @return the head; valid until the exchange is over, its header lines are to be copied
  ///   ([HeaderLines#copyOf]) by what outlives it
  Head head();

  /// The peer's address.
  ///
  /// @return address and port
  InetSocketAddress peer();

  /// The port that the peer has connected to.
  ///
  /// @return a port of this machine
  int localPort();

  /// The TLS session, if there is one.
  ///
  /// @return the session, or null over plain TCP
  @Nullable TlsSession tls();

  /// Whether the request has a body, be it empty: over HTTP/1.1 a `Content-Length` above 0 or
  /// chunks, over HTTP/2 a head that does not end the stream.
  ///
  /// @return whether [#body] is to be read
  boolean hasBody();

  /// Counts the memory that the request holds for its client, until the exchange is over. To be
  /// called before the request waits for anything: what is answered at once is not counted. A
  /// client whose other requests hold its share is refused here.
  ///
  /// @param client whom it is counted for
  /// @return whether there was room; if not, the response has been sent
  boolean countFor(String client);

  /// The body of the request. One that is not read when the response is complete is discarded
  /// within a limit, beyond it an HTTP/1.1 connection is closed and an HTTP/2 stream reset with
  /// `NO_ERROR` (RFC 9113 section 8.1).
  ///
  /// @return the body, to be started at most once
  BodySource body();

  /// Responds with a verdict from memory; the body is empty.
  ///
  /// @param entry what is remembered
  /// @param echoedValue value of the entry's [Entry#echoedHeader] line, or null when it has none
  /// @param status value of `X-Postern-Cache`
  void respond(Entry entry, @Nullable String echoedValue, CacheStatus status);

  /// Responds with a response that is there as a whole. `Content-Length` and `Date` are added.
  ///
  /// @param response status, header lines and body; to a `HEAD` request the body is not sent
  void respond(UpstreamResponse response);

  /// Begins a response whose body follows. Its framing is `Content-Length` where the lines have
  /// one, else chunks (HTTP/1.1) or the end of the stream.
  ///
  /// @param status HTTP status
  /// @param headers header lines without those of the connection; `Date` is added where it lacks
  /// @return where the body goes
  BodySink begin(int status, HeaderLines headers);

  /// Whether the head of a response has been sent.
  ///
  /// @return whether it is too late for another status
  boolean isResponseBegun();

  /// Ends the exchange so that nobody takes a part for the whole: resets the HTTP/2 stream, closes
  /// the HTTP/1.1 connection.
  void abort();

  /// Whether the exchange is over: responded to completely, aborted, or given up by the peer.
  ///
  /// @return whether nothing can be sent any more
  boolean isOver();

  /// Adds a listener for the end of the exchange.
  ///
  /// @param listener called once, also when the end has come already; in the order of adding
  void whenOver(Consumer<Completion> listener);

  /// Closes an HTTP/1.1 connection after this response and says so (`Connection: close`); an HTTP/2
  /// connection gets a GOAWAY by the entry point instead.
  void closeAfterResponse();
}
