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
/// Header lines are sent and received byte for byte, in order and spelling. Apart from the limit
/// for connecting, timeouts are up to the caller, who ends a call with [Call#cancel] or
/// [Call#timedOut]. So is the number of concurrent calls (see [Admission]).
public final class UpstreamClient {
  /// Receives the outcome of a call, on its event loop, possibly before [UpstreamClient#send] has
  /// returned.
  public interface Receiver {
    /// The head of the response has arrived. Called at most once, and no other method after it.
    ///
    /// @param head the head, including connection headers
    /// @param body the body, to be started or cancelled; [UpstreamFaults#kind] classifies the
    ///   reason if it fails
    void responded(ResponseHead head, BodySource body);

    /// There is no response.
    ///
    /// @param reason the cause, for diagnosis
    void failed(Fault fault, IOException reason);
  }

  /// One request and its response. Its methods must be called on its event loop.
  public interface Call {
    /// Ends the call in any state. No callback follows; an incomplete response is dropped together
    /// with its connection.
    void cancel();

    /// Ends the call because there was no response in time. If it used a kept connection, other
    /// connections that have been idle for as long are no longer reused.
    void timedOut();
  }

  private final Endpoint endpoint;
  private final LoopGuard guard;
  private final ConnectionPool pool = new ConnectionPool();
  private final Connecting.Target target;

  /// Nothing is connected yet.
  ///
  /// @param tls TLS for an `https` URL, or null
  /// @param guard marks each request, so that a loop is detected
  public UpstreamClient(Endpoint endpoint, @Nullable UpstreamTlsContext tls, LoopGuard guard) {
    this(endpoint, tls, guard, Addresses.ofSystem(endpoint.host()));
  }

  UpstreamClient(
      Endpoint endpoint, @Nullable UpstreamTlsContext tls, LoopGuard guard, Addresses addresses) {
    this.endpoint = endpoint;
    this.guard = guard;
    target = new Connecting.Target(endpoint, tls, addresses, new LastGood(), pool);
  }

  /// Makes the client of an upstream.
  ///
  /// @throws IOException if a certificate file cannot be read, with a message that names it
  public static UpstreamClient of(UpstreamConfig config, LoopGuard guard) throws IOException {
    return new UpstreamClient(config.url(), UpstreamTlsContext.of(config), guard);
  }

  /// The upstream's `Host` header.
  public String authority() {
    return endpoint.authority();
  }

  /// Sends a request. If it is safe to send twice it uses a kept connection if there is one, and is
  /// retried on a new connection if the kept one closes before the first byte of the response: the
  /// upstream was most likely closing it at the same moment. Any other request gets a new
  /// connection.
  ///
  /// @param loop the event loop of the caller and the receiver
  /// @param head the head, which also defines the body's framing
  /// @param body the body, or null for none; the head is sent without waiting for it
  /// @return a handle to end the call early
  public Call send(EventLoop loop, RequestHead head, @Nullable BodySource body, Receiver receiver) {
    return start(loop, head, body, body == null && head.isSafe(), receiver);
  }

  /// Sends a request without a body that is safe to send twice whatever its method: a check changes
  /// nothing.
  ///
  /// @param loop the event loop of the caller and the receiver
  /// @return a handle to end the call early
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
