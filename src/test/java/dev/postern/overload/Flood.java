package dev.postern.overload;

import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Many concurrent clients, each with its own keep-alive connection.
final class Flood {
  static final String HOST = "app.example.test";

  private static final int MINUTES = 2;

  /// Creates requests by number.
  @FunctionalInterface
  interface Request {
    /// The whole request.
    String number(int number);
  }

  private Flood() {}

  /// A forward-auth request.
  ///
  /// @param client the client's address
  /// @param cookie `authentik_proxy_…=value`, empty for none
  static String check(String client, String cookie) {
    return RawHttp.get(
        RecordingUpstream.AUTH,
        "Host: postern",
        "X-Forwarded-Method: GET",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: " + HOST,
        "X-Forwarded-Uri: /",
        "X-Forwarded-For: " + client,
        "Cookie: theme=dark" + (cookie.isEmpty() ? "" : "; " + cookie));
  }

  /// One of many clients.
  static String address(int number) {
    return "198.51.%d.%d".formatted(number / 250 % 250, 1 + number % 250);
  }

  /// A cookie that was never issued.
  static String invented(int number) {
    return "authentik_proxy_0a1b2c3d=invented-" + number;
  }

  /// Sends requests on several connections at once until the total is reached.
  ///
  /// @return all responses
  static List<RawMessage> send(int port, int connections, int total, Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    AtomicInteger next = new AtomicInteger();
    ConcurrentLinkedQueue<RawMessage> answers = new ConcurrentLinkedQueue<>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, connections)
              .mapToObj(_ ->
                  clients.submit(() -> {
                    client(port, next, total, request, answers);
                    return null;
                  }))
              .toList();
      for (var one : running) {
        one.get(MINUTES, TimeUnit.MINUTES);
      }
    }
    return List.copyOf(answers);
  }

  private static void client(
      int port,
      AtomicInteger next,
      int total,
      Request request,
      ConcurrentLinkedQueue<RawMessage> answers)
      throws IOException {
    try (RawHttp http = RawHttp.connect(port)) {
      for (int number = next.getAndIncrement(); number < total; number = next.getAndIncrement()) {
        answers.add(http.exchange(request.number(number)));
      }
    }
  }
}
