package dev.postern.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HostName;
import dev.postern.testing.Await;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Lookups with a resolver and a clock controlled by the test.
class AddressesTest {
  private static final List<InetAddress> OLD = List.of(InetAddress.ofLiteral("192.0.2.1"));
  private static final List<InetAddress> NEW = List.of(InetAddress.ofLiteral("192.0.2.2"));

  /// What the resolver returns next; an empty list is an unknown name.
  private final BlockingQueue<List<InetAddress>> answers = new LinkedBlockingQueue<>();

  private final AtomicInteger lookups = new AtomicInteger();
  private final AtomicLong clock = new AtomicLong();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final EventLoop loop = channel.eventLoop();
  private final List<List<InetAddress>> found = new ArrayList<>();
  private final List<IOException> failed = new ArrayList<>();
  private final Addresses addresses =
      new Addresses(new HostName("outpost.example"), this::lookUp, clock::get);

  private List<InetAddress> lookUp(String host) throws UnknownHostException {
    lookups.incrementAndGet();
    try {
      List<InetAddress> answer = answers.take();
      if (answer.isEmpty()) {
        throw new UnknownHostException(host);
      }
      return answer;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void find() {
    addresses.find(loop, found::add, failed::add);
  }

  private void awaitOutcomes(int count) {
    Await.until(
        "outcomes",
        Duration.ofSeconds(30),
        () -> {
          channel.runPendingTasks();
          return found.size() + failed.size() == count;
        });
  }

  private void know(List<InetAddress> known) {
    answers.add(known);
    find();
    awaitOutcomes(1);
    found.clear();
  }

  @Test
  void result_isUsedForTwoSecondsWithoutAnotherLookup() {
    know(OLD);
    clock.addAndGet(Addresses.FRESH_NANOS);
    find();
    assertThat(found).containsExactly(OLD);
    assertThat(lookups).hasValue(1);
  }

  @Test
  void result_thatHasChanged_isUsedAfterTwoSeconds() {
    know(OLD);
    clock.addAndGet(Addresses.FRESH_NANOS + 1);
    answers.add(NEW);
    find();
    awaitOutcomes(1);
    assertThat(found).containsExactly(NEW);
  }

  @Test
  void lookup_inProgress_servesAllWaitingCalls() {
    find();
    find();
    find();
    answers.add(NEW);
    awaitOutcomes(3);
    assertThat(found).containsOnly(NEW);
    assertThat(lookups).hasValue(1);
  }

  @Test
  void lookup_thatHangs_givesTheLastResultAfterASecond() {
    know(OLD);
    clock.addAndGet(Addresses.USABLE_NANOS);
    find();
    assertThat(found).isEmpty();
    channel.advanceTimeBy(Addresses.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
    assertThat(found).containsExactly(OLD);
    answers.add(NEW);
  }

  @Test
  void lookup_thatHangsForLong_givesNoOldResult() {
    know(OLD);
    clock.addAndGet(Addresses.USABLE_NANOS + 1);
    find();
    channel.advanceTimeBy(Addresses.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
    assertThat(found).isEmpty();
    answers.add(NEW);
    awaitOutcomes(1);
    assertThat(found).containsExactly(NEW);
  }

  @Test
  void name_thatBecomesUnknown_losesItsAddresses() {
    know(OLD);
    clock.addAndGet(Addresses.FRESH_NANOS + 1);
    answers.add(List.of());
    find();
    awaitOutcomes(1);
    assertThat(failed).singleElement().isInstanceOf(UnknownHostException.class);
    answers.add(NEW);
    find();
    awaitOutcomes(2);
    assertThat(found).containsExactly(NEW);
  }

  @Test
  void addressesOfTwoFamilies_areTakenInTurnBeginningWithTheFirst() {
    InetAddress six1 = InetAddress.ofLiteral("2001:db8::1");
    InetAddress six2 = InetAddress.ofLiteral("2001:db8::2");
    InetAddress four1 = OLD.getFirst();
    InetAddress four2 = NEW.getFirst();
    assertThat(AddressOrder.interleaved(List.of(six1, six2, four1, four2), 9))
        .containsExactly(six1, four1, six2, four2);
    assertThat(AddressOrder.interleaved(List.of(four1, four2, six1), 9))
        .containsExactly(four1, six1, four2);
    assertThat(AddressOrder.interleaved(List.of(six1, six2, four1, four2), 2))
        .containsExactly(six1, four1);
  }

  @Test
  void addressThatWasGood_isFirstWhileItIsOneOfTheHosts() {
    LastGood lastGood = new LastGood();
    InetAddress a = OLD.getFirst();
    InetAddress b = NEW.getFirst();
    assertThat(lastGood.first(List.of(a, b))).containsExactly(a, b);
    lastGood.set(b);
    assertThat(lastGood.first(List.of(a, b))).containsExactly(b, a);
    assertThat(lastGood.first(List.of(a))).containsExactly(a);
  }
}
