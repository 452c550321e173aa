package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.server.Exchange;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What is kept of a refused header list, which is no longer counted although its stream may live
/// on.
class StreamHeadTest {
  @Test
  void refusedList_isNotKept() {
    EdgeLimits limits = EdgeLimits.forHeap(192L * 1024 * 1024);
    MemoryBudget budget = new MemoryBudget(limits);
    LoopState loop =
        new LoopState(
            new EmbeddedChannel().eventLoop(), () -> 0, Clock.systemUTC(), Duration.ofDays(1));
    Peer peer =
        new Peer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            9443,
            true,
            null,
            loop,
            limits,
            budget,
            new NoListener(),
            _ -> {});
    StreamHead list = new StreamHead(peer);
    list.add(":method", "HEAD");
    list.add(":scheme", "https");
    list.add(":authority", "a");
    list.add(":path", "/" + "p".repeat(500_000));
    list.add("x", "v".repeat(500_000));
    assertThat(budget.held()).isGreaterThan(2_000_000L);
    list.add("y", "v".repeat(500_000));
    assertThat(list.end()).isEqualTo(Refusal.of(Limit.HEAD_SIZE));
    assertThat(budget.held()).isZero();
    Exchange.Head head = list.head();
    assertThat(head.headers().count("x")).isZero();
    assertThat(head.target()).isEmpty();
    // It decides whether the response has a body.
    assertThat(head.method()).isEqualTo("HEAD");
    loop.stop();
  }
}
