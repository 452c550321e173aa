package dev.postern.upstream;

import dev.postern.upstream.wire.MalformedException;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.Verdict.Fault;
import io.netty.channel.EventLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One call of [UpstreamClient]: a connection and the request on it, with one retry if that is
/// permitted.
final class ClientCall implements UpstreamClient.Call, Transfer.Receiver {
  private final Connecting.Target target;
  private final EventLoop loop;
  private final RequestHead request;
  private final @Nullable BodySource body;
  private final boolean repeatable;
  private final UpstreamClient.Receiver receiver;
  private @Nullable Connecting connecting;
  private @Nullable Transfer transfer;
  private boolean onKeptConnection;
  private boolean responded;
  private long sentNanos;
  private boolean over;

  ClientCall(
      Connecting.Target target,
      EventLoop loop,
      RequestHead request,
      @Nullable BodySource body,
      boolean repeatable,
      UpstreamClient.Receiver receiver) {
    this.target = target;
    this.loop = loop;
    this.request = request;
    this.body = body;
    this.repeatable = repeatable;
    this.receiver = receiver;
  }

  void begin() {
    Connection kept = repeatable ? target.pool().take(loop) : null;
    if (kept != null) {
      onKeptConnection = true;
      send(kept);
    } else {
      connect();
    }
  }

  private void connect() {
    onKeptConnection = false;
    connecting = Connecting.begin(target, loop, this::send, this::unreachable);
  }

  private void unreachable(IOException reason) {
    end(Fault.CONNECT, reason);
  }

  private void send(Connection connection) {
    sentNanos = System.nanoTime();
    try {
      transfer = Transfer.of(connection, request, body, this);
    } catch (MalformedException unsendable) {
      connection.close();
      end(Fault.BROKEN, unsendable);
      return;
    }
    transfer.send();
  }

  @Override
  public void responded(ResponseHead head) {
    Transfer current = transfer;
    if (current != null) {
      responded = true;
      receiver.responded(head, current);
    }
  }

  @Override
  public void failed(IOException reason, boolean begun) {
    if (onKeptConnection && repeatable && !begun) {
      connect();
    } else {
      end(UpstreamFaults.kind(reason, begun), reason);
    }
  }

  private void end(Fault fault, IOException reason) {
    if (!over) {
      over = true;
      stopBody();
      receiver.failed(fault, reason);
    }
  }

  @Override
  public void cancel() {
    over = true;
    if (connecting != null) {
      connecting.cancel();
    }
    if (transfer != null) {
      transfer.cancel();
    }
    stopBody();
  }

  private void stopBody() {
    if (body != null) {
      body.cancel();
    }
  }

  @Override
  public void timedOut() {
    if (onKeptConnection && !responded && !over) {
      target.pool().distrustBefore(sentNanos);
    }
    cancel();
  }
}
