package dev.postern.demo.idp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.demo.http.Header;
import dev.postern.demo.outpost.Outpost;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Replays the responses of a real outpost 2026.2.2: same status, same headers, same body length.
final class OutpostExchangesTest {
  private static final String VERSION = "2026.2.2";
  private static final String SINGLE = "single application loaded: any host is served by it";

  private final List<ExchangeStage> stages = new ArrayList<>();

  @AfterEach
  void closeStages() {
    stages.forEach(ExchangeStage::close);
  }

  private ExchangeStage stage(Outpost.Store store, boolean single) {
    ExchangeStage stage = new ExchangeStage(store, single);
    stages.add(stage);
    return stage;
  }

  @Test
  void recorded_ofThisVersion_areAllReplayed() {
    assertThat(Exchange.recorded(VERSION, "files")).hasSize(188);
    assertThat(Exchange.recorded(VERSION, "postgresql")).hasSize(22);
  }

  @TestFactory
  Stream<DynamicTest> replay_filesStore_respondsAsRecorded() {
    ExchangeStage all = stage(Outpost.Store.FILES, false);
    ExchangeStage single = stage(Outpost.Store.FILES, true);
    return Exchange.recorded(VERSION, "files").stream()
        .map(e -> replay(e, e.name().equals(SINGLE) ? single : all));
  }

  @TestFactory
  Stream<DynamicTest> replay_postgresqlStore_respondsAsRecorded() {
    ExchangeStage all = stage(Outpost.Store.POSTGRESQL, false);
    return Exchange.recorded(VERSION, "postgresql").stream().map(e -> replay(e, all));
  }

  private static DynamicTest replay(Exchange exchange, ExchangeStage stage) {
    return DynamicTest.dynamicTest(
        exchange.name(),
        () -> {
          stage.prepare(exchange);
          RawHttp.Response response =
              RawHttp.send(stage.provider.address(), request(exchange, stage));
          assertThat(response.status()).isEqualTo(exchange.status());
          compareHeaders(exchange.headers(), response.headers(), stage.names);
          assertThat(response.body()).hasSize(exchange.bodyLength());
        });
  }

  private static String request(Exchange exchange, ExchangeStage stage) {
    StringBuilder request = new StringBuilder();
    request.append(exchange.method()).append(' ').append(exchange.path()).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(exchange.host()).append("\r\n");
    for (String line : exchange.request()) {
      request.append(special(line, exchange.name(), stage)).append("\r\n");
    }
    return request.append("Connection: close\r\n\r\n").toString();
  }

  /// Request lines that the recording only describes.
  private static String special(String line, String name, ExchangeStage stage) {
    String prefix = "Cookie: authentik_proxy_51a54282=";
    String valid = stage.names.value("cookie-42-of-session-41").orElse("");
    return switch (name) {
      case "cookie: truncated" ->
          line.startsWith("Cookie") ? prefix + valid.substring(0, 80) : line;
      case "cookie: percent-encoded" ->
          line.startsWith("Cookie")
              ? prefix + valid.substring(0, 100) + "%5F" + valid.substring(101)
              : line;
      case "cookie: b64 alphabet std" ->
          line.startsWith("Cookie")
              ? prefix + "+" + valid.replace('-', '+').replace('_', '/').substring(1)
              : line;
      case "cookie: very long" -> line.startsWith("Cookie") ? prefix + "A".repeat(5000) : line;
      default -> stage.names.fill(line);
    };
  }

  private static void compareHeaders(
      List<Header> recorded, List<Header> received, Placeholders names) {
    List<Header> actual = received.stream().filter(h -> !h.name().equals("Connection")).toList();
    assertThat(actual.stream().map(Header::name).sorted().toList())
        .isEqualTo(recorded.stream().map(Header::name).sorted().toList());
    List<String> seen = new ArrayList<>();
    for (Header expected : recorded) {
      long before = seen.stream().filter(expected.name()::equals).count();
      seen.add(expected.name());
      String value =
          actual.stream()
              .filter(h -> h.name().equals(expected.name()))
              .skip(before)
              .findFirst()
              .orElseThrow()
              .value()
              .replace(ExchangeStage.CORE_URL, "http://authentik.test");
      assertThat(names.matches(expected.value(), value))
          .as("%s: recorded <%s>, received <%s>", expected.name(), expected.value(), value)
          .isTrue();
    }
  }
}
