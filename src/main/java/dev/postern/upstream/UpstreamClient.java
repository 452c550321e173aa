package dev.postern.upstream;

import dev.postern.config.UpstreamConfig;
import dev.postern.net.Endpoint;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.LoopGuard;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.Verdict.Fault;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends requests to the upstream over HTTP/1.1: the outpost offers nothing else
/// (docs/design/authentik.md section 1.1).
///
/// Header lines go out and come in with every byte, in their order and spelling. Nothing here waits
/// for anything but the connection: limits of time are the caller's, who ends a call with
/// [Call#cancel] or [Call#timedOut]. How many calls there are at once is the caller's, too (see
/// [Admission]).
public final class UpstreamClient {
  /// Receives how a call goes. Everything is called on the event loop of the call, maybe before
  /// [UpstreamClient#send] has returned.
  public interface Receiver {
    /// The head of the response is there. Called at most once, and nothing else is called then.
    ///
    /// @param head the head, the lines of the connection included
    /// @param body the body, to be started or cancelled; one that breaks off is a failure with a
    ///   reason that [UpstreamFaults#kind] reads
    void responded(ResponseHead head, BodySource body);

    /// There is no response.
    ///
    /// @param fault what went wrong
    /// @param reason the same for people who look for the cause
    void failed(Fault fault, IOException reason);
  }

  /// One request and its response. Called on the event loop of the call.
  public interface Call {
    /// Ends the call in whatever state it is. Nothing is called afterwards; a response that has not
    /// ended is broken off together with its connection.
    void cancel();

    /// Ends the call because there was no response in time. If it was on a kept connection, the
    /// other connections that have been silent for as long are not used any more.
    void timedOut();
  }

  private final Endpoint endpoint;
  private final LoopGuard guard;
  private final ConnectionPool pool = new ConnectionPool();
  private final Connecting.Target target;

  /// Makes a client; nothing is connected yet.
  ///
  /// @param endpoint where to connect to
  /// @param tls TLS for an `https` URL, or null
  /// @param guard marks each request, so that one that comes back is recognised
  public UpstreamClient(Endpoint endpoint, @Nullable UpstreamTlsContext tls, LoopGuard guard) {
    this(endpoint, tls, guard, Addresses.ofSystem(endpoint.host()));
  }

  UpstreamClient(
      Endpoint endpoint, @Nullable UpstreamTlsContext tls, LoopGuard guard, Addresses addresses) {
    this.endpoint = endpoint;
    this.guard = guard;
    target = new Connecting.Target(endpoint, tls, addresses, new LastGood(), pool);
  }

  /// Makes a client of the configuration.
  ///
  /// @param config the upstream
  /// @param guard marks each request
  /// @return the client
  /// @throws IOException if a file of certificates cannot be read, with a message that names it
  public static UpstreamClient of(UpstreamConfig config, LoopGuard guard) throws IOException {
    return new UpstreamClient(config.url(), UpstreamTlsContext.of(config), guard);
  }

  /// The upstream's `Host` header.
  ///
  /// @return host, and port where the URL has one
  public String authority() {
    return endpoint.authority();
  }

  /// Sends a request. One that may be sent twice goes out on a kept connection if there is one, and
  /// once more on a new connection when the kept one ends before the first byte of the response:
  /// the upstream was most likely closing it in the same moment. Any other request gets a new
  /// connection.
  ///
  /// @param loop the event loop that the caller runs on, and that the receiver will run on
  /// @param head the head; its header lines say as well how the body ends
  /// @param body the body, or null for none; the head is sent without waiting for it
  /// @param receiver receives the outcome
  /// @return the call, to end it early
  public Call send(EventLoop loop, RequestHead head, @Nullable BodySource body, Receiver receiver) {
    return start(loop, head, body, body == null && head.isSafe(), receiver);
  }

  /// Sends a request without a body that may be sent twice whatever its method: asking for a
  /// verdict changes nothing.
  ///
  /// @param loop the event loop that the caller runs on
  /// @param head the head
  /// @param receiver receives the outcome
  /// @return the call, to end it early
  public Call sendCheck(EventLoop loop, RequestHead head, Receiver receiver) {
    return start(loop, head, null, true, receiver);
  }

  private Call start(
      EventLoop loop,
      RequestHead head,
      @Nullable BodySource body,
      boolean repeatable,
      Receiver receiver) {
    ClientCall call = new ClientCall(target, loop, marked(head), body, repeatable, receiver);
    call.begin();
    return call;
  }

  private RequestHead marked(RequestHead head) {
    List<HeaderLine> lines = new ArrayList<>(head.headers().lines());
    lines.add(guard.line());
    return new RequestHead(head.method(), head.target(), HeaderLines.of(lines));
  }
}
