package dev.postern.server.edge;

import dev.postern.net.HeaderLines;
import dev.postern.net.RequestHeaders;
import dev.postern.server.Exchange;
import dev.postern.upstream.BodySource;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The common part of exchanges over HTTP/1.1 and HTTP/2: the head, the byte counts and the
/// listeners for the end.
abstract class EdgeExchange implements Exchange, BodySource {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeExchange.class);
  private static final HeaderLines NOTHING = HeaderLines.of(List.of());

  private final Peer peer;
  private final Head head;
  private long headCost;
  private long held;
  private @Nullable String client;
  private @Nullable List<Consumer<Completion>> listeners;
  private @Nullable Completion completion;
  private int status;
  private RequestHeaders sent = NOTHING;
  private long bytesSent;
  private long bytesReceived;
  private boolean bodyTaken;

  /// @param headCost bytes counted for the head, held until [#detach]
  EdgeExchange(Peer peer, Head head, long headCost) {
    this.peer = peer;
    this.head = head;
    this.headCost = headCost;
    this.held = headCost;
  }

  final Peer connection() {
    return peer;
  }

  @Override
  public final EventLoop eventLoop() {
    return peer.loop().loop();
  }

  @Override
  public final Head head() {
    return head;
  }

  @Override
  public final InetSocketAddress peer() {
    return peer.address();
  }

  @Override
  public final int localPort() {
    return peer.localPort();
  }

  @Override
  public final @Nullable TlsSession tls() {
    return peer.tls();
  }

  @Override
  public final boolean countFor(String name) {
    if (client != null || completion != null) {
      return true;
    }
    if (!peer.budget().clients().take(name, held)) {
      refuse(Refusal.of(Limit.CLIENT_MEMORY));
      return false;
    }
    client = name;
    return true;
  }

  /// Reserves memory for a part of the request that waits.
  ///
  /// @return the limit that this would exceed, with nothing reserved; null on success
  final @Nullable Limit take(long bytes) {
    if (!peer.take(bytes)) {
      return Limit.MEMORY;
    }
    if (client != null && !peer.budget().clients().take(client, bytes)) {
      peer.give(bytes);
      return Limit.CLIENT_MEMORY;
    }
    held += bytes;
    return null;
  }

  /// Releases memory of the request.
  final void give(long bytes) {
    held -= bytes;
    peer.give(bytes);
    if (client != null) {
      peer.budget().clients().give(client, bytes);
    }
  }

  @Override
  public final BodySource body() {
    if (bodyTaken) {
      throw new IllegalStateException("the body has already been started");
    }
    bodyTaken = true;
    return this;
  }

  @Override
  public final boolean isResponseBegun() {
    return status != 0;
  }

  @Override
  public final boolean isOver() {
    return completion != null;
  }

  @Override
  public final void whenOver(Consumer<Completion> listener) {
    Completion ended = completion;
    if (ended != null) {
      listener.accept(ended);
      return;
    }
    if (listeners == null) {
      listeners = new ArrayList<>(2);
    }
    listeners.add(listener);
  }

  /// Whether a response may begin now.
  final boolean mayRespond() {
    return status == 0 && completion == null;
  }

  final boolean isHeadRequest() {
    return head.method().equals("HEAD");
  }

  /// Notes that the head of the response is being sent.
  final void begun(int responseStatus, RequestHeaders lines) {
    status = responseStatus;
    sent = lines;
  }

  final void bodySent(long bytes) {
    bytesSent += bytes;
  }

  final void bodyReceived(long bytes) {
    bytesReceived += bytes;
  }

  final long received() {
    return bytesReceived;
  }

  /// Ends the exchange; only the first call has an effect.
  final void finish(boolean complete) {
    if (completion != null) {
      return;
    }
    Completion ended = new Completion(status, sent, bytesSent, bytesReceived, complete);
    completion = ended;
    List<Consumer<Completion>> present = listeners;
    if (present != null) {
      for (Consumer<Completion> listener : present) {
        guarded(() -> listener.accept(ended));
      }
    }
  }

  /// The connection no longer refers to the exchange. The end of the response is too early for
  /// this: a body that is not read may still be arriving, and its head stays in memory until it has
  /// ended.
  final void detach() {
    give(headCost);
    headCost = 0;
  }

  /// Calls the handler.
  final void handle() {
    try {
      peer.handler().handle(this);
    } catch (RuntimeException | Error failure) {
      failed(failure);
    }
  }

  /// Runs a callback of the handler; if it fails, the request fails.
  final void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error failure) {
      failed(failure);
    }
  }

  private void failed(Throwable failure) {
    LOG.atError()
        .addKeyValue("request", head.method())
        .addKeyValue("path", path())
        .setCause(failure)
        .log("A request failed within Postern; please report this with the lines below");
    if (mayRespond()) {
      respond(Refusal.response(500, "The request failed."));
    } else {
      abort();
    }
  }

  /// The target without its query, which may contain secrets.
  private String path() {
    int query = head.target().indexOf('?');
    return query < 0 ? head.target() : head.target().substring(0, query);
  }

  /// Refuses the request because it exceeded a limit.
  final void refuse(Refusal refusal) {
    peer.exceeded(refusal.limit());
    if (mayRespond()) {
      respond(refusal.response());
    }
  }
}
