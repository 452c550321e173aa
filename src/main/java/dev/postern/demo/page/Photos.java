package dev.postern.demo.page;

import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.HttpHandler;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToLongBiFunction;
import tools.jackson.databind.json.JsonMapper;

/// The page of a hundred images with its counters: requests received here, the checks they caused
/// at the identity provider, and the time between the first and the last request.
public final class Photos implements HttpHandler {
  /// Images on the page.
  public static final int IMAGES = 100;

  private static final int MAX_RUNS = 200;
  private static final JsonMapper JSON = new JsonMapper();

  private final PhotoPage page;
  private final ToLongBiFunction<String, String> checks;
  private final LongSupplier nanoTime;

  /// Guards everything below.
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<String, PhotoRun> runs = new LinkedHashMap<>();
  private final Map<String, Long> seen = new LinkedHashMap<>();
  private long lastRun;

  /// Creates the page.
  ///
  /// @param through whether requests come through Postern
  /// @param places the URLs of the demo
  /// @param delayMillis how long the identity provider takes for a check
  /// @param checks returns the number of checks so far for a host and a subject
  /// @param nanoTime a monotonic clock in nanoseconds
  public Photos(
      boolean through,
      Places places,
      long delayMillis,
      ToLongBiFunction<String, String> checks,
      LongSupplier nanoTime) {
    this.page = new PhotoPage(through, places, delayMillis);
    this.checks = checks;
    this.nanoTime = nanoTime;
  }

  @Override
  public Reply handle(HttpRequest request) {
    String run = GoQuery.get(request.query(), "run");
    return switch (request.path()) {
      case "/" -> begin(request);
      case "/image.svg" -> image(request, run);
      case "/counters" -> counters(request, run);
      default -> other(request);
    };
  }

  /// Other requests of a browser, for an icon for example, belong to no run.
  private Reply other(HttpRequest request) {
    lock.lock();
    try {
      note(request, "");
    } finally {
      lock.unlock();
    }
    return Reply.Response.text(404, "text/plain; charset=utf-8", "404 page not found\n");
  }

  private Reply begin(HttpRequest request) {
    lock.lock();
    try {
      String run = Long.toString(++lastRun);
      runs.put(run, new PhotoRun(seen.getOrDefault(key(request), 0L), nanoTime.getAsLong()));
      if (runs.size() > MAX_RUNS) {
        runs.remove(runs.keySet().iterator().next());
      }
      note(request, run);
      String name = GoQuery.text(request.header("X-authentik-name"));
      return page.html(name, run);
    } finally {
      lock.unlock();
    }
  }

  private Reply image(HttpRequest request, String run) {
    lock.lock();
    try {
      note(request, run);
    } finally {
      lock.unlock();
    }
    return PhotoPage.image(GoQuery.get(request.query(), "n"));
  }

  private void note(HttpRequest request, String run) {
    long now = checks.applyAsLong(request.header("Host"), request.header("X-authentik-uid"));
    seen.put(key(request), now);
    PhotoRun found = runs.get(run);
    if (found != null) {
      found.served(now, nanoTime.getAsLong());
    }
  }

  private static String key(HttpRequest request) {
    return request.header("Host").toLowerCase(Locale.ROOT)
        + " "
        + request.header("X-authentik-uid");
  }

  /// The counters of a run. This request causes a check itself; the next run does not count it.
  private Reply counters(HttpRequest request, String run) {
    lock.lock();
    try {
      PhotoRun found = runs.get(run);
      String key = key(request);
      String host = request.header("Host");
      seen.put(key, checks.applyAsLong(host, request.header("X-authentik-uid")));
      String json = JSON.writeValueAsString(found == null ? Map.of() : found.counters());
      Reply.Response response = Reply.Response.text(200, "application/json", json);
      return new Reply.Response(
          found == null ? 404 : 200, response.headers(), json.getBytes(StandardCharsets.UTF_8));
    } finally {
      lock.unlock();
    }
  }
}
