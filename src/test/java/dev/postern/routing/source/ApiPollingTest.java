package dev.postern.routing.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.Routes;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.definition.Snapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The whole source on its thread, with an interval of an hour.
class ApiPollingTest {
  private static final int LIMIT_SECONDS = 20;

  private final FakeApi api = new FakeApi(FakeApi.json("[]"));
  private final BlockingQueue<ProviderState> states = new LinkedBlockingQueue<>();
  private final Routes routes =
      new Routes(
          Duration.ofSeconds(60),
          InstantSource.system(),
          new RoutesListener() {
            @Override
            public void attempted(ProviderState state) {
              states.add(state);
            }
          });
  private ApiPolling polling;

  private static final class OneList implements ApiSource {
    @Override
    public Provider provider() {
      return Provider.TRAEFIK;
    }

    @Override
    public List<ApiPage> fetch(ApiClient client) throws ApiFailure {
      return List.of(client.get("/list"));
    }

    @Override
    public Loaded read(List<ApiPage> pages) throws ApiFailure {
      assertThat(pages.getFirst().array()).isEmpty();
      return new Loaded(Snapshot.EMPTY, List.of());
    }
  }

  @BeforeEach
  void start() throws Exception {
    polling =
        ApiPolling.start(
            api.target(),
            new OneList(),
            new ApiPolling.Setup(routes, System::nanoTime, new Random(1)));
  }

  @AfterEach
  void close() {
    polling.close();
    api.close();
  }

  private ProviderState next() throws InterruptedException {
    ProviderState state = states.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(state).as("a report").isNotNull();
    return state;
  }

  @Test
  void reload_onDemand_doesNotWaitForTheInterval() throws Exception {
    assertThat(next().failing()).isFalse();
    polling.reload();
    assertThat(next().attempts()).isEqualTo(2);
    polling.reload();
    assertThat(next().attempts()).isEqualTo(3);
  }

  @Test
  void outage_ofTheApi_isReportedAndItsEndToo() throws Exception {
    next();
    api.server().refuse();
    polling.reload();
    assertThat(next().problems()).singleElement().asString().contains("refuses connections");
    api.server().listenAgain();
    ProviderState state = next();
    while (state.failing()) {
      state = next();
    }
    assertThat(state.problems()).isEmpty();
    assertThat(state.failures()).isPositive();
  }

  @Test
  void close_whileTheApiIsSilent_reportsNothingMore() throws Exception {
    next();
    CountDownLatch asked = new CountDownLatch(1);
    api.answer((request, connection) -> {
      asked.countDown();
      api.silence();
    });
    polling.reload();
    assertThat(asked.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    polling.close();
    assertThat(states).isEmpty();
    int before = api.asked.size();
    polling.reload();
    assertThat(api.asked).hasSize(before);
  }
}
