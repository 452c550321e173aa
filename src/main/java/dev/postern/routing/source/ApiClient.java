package dev.postern.routing.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.Secret;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.config.tls.client.TlsLayer;
import dev.postern.net.Endpoint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Asks an API, one question after another and each on a connection of its own. Follows no
/// redirections, so that credentials go nowhere else.
///
/// A client of its own and not the JDK's, which cannot ask for another server name than the URL's
/// host, does not bound the time of a whole answer, and brings a module of the run-time and threads
/// of its own.
public final class ApiClient implements AutoCloseable {
  /// Bound of one page.
  static final int MAX_PAGE_BYTES = 8 * 1024 * 1024;

  /// Bound of all pages of a list.
  static final int MAX_LIST_BYTES = 4 * MAX_PAGE_BYTES;

  private static final int MAX_PAGES = 1000;

  private final ApiTarget target;
  private final SSLContext context;
  private final LongSupplier ticker;
  private final ApiMessages failures;

  // Mutable state; written by the polling thread, except that anybody may close.
  private volatile @Nullable Socket open;
  private volatile boolean closed;

  /// Makes a client.
  ///
  /// @param target the API
  /// @param ticker monotonic nanoseconds
  /// @throws IOException if a file of certificates cannot be read, with a message that names it
  ApiClient(ApiTarget target, LongSupplier ticker) throws IOException {
    this.target = target;
    this.ticker = ticker;
    context = ClientTlsContext.of(target.section() + ".tls", target.tls());
    failures = new ApiMessages(target);
  }

  /// Tells where the next page of a list is.
  @FunctionalInterface
  public interface NextPage {
    /// Looks at a page.
    ///
    /// @param page a page of the list
    /// @return the next page's number, or one that is not above this page's if it is the last
    /// @throws ApiFailure if it makes no sense
    int after(ApiPage page) throws ApiFailure;
  }

  /// Asks for all pages of a list, from page 1.
  ///
  /// @param path path and query of a page's number, below the endpoint's own path
  /// @param next tells where the next one is
  /// @return the pages in order
  /// @throws ApiFailure if any of them cannot be had
  public List<ApiPage> list(IntFunction<String> path, NextPage next) throws ApiFailure {
    List<ApiPage> pages = new ArrayList<>();
    long size = 0;
    int number = 1;
    while (true) {
      ApiPage page = get(path.apply(number));
      pages.add(page);
      size += page.body().length();
      if (size > MAX_LIST_BYTES || pages.size() > MAX_PAGES) {
        throw failures.endless(path.apply(1), "has no end");
      }
      int following = next.after(page);
      if (following <= number) {
        return pages;
      }
      number = following;
    }
  }

  /// Asks for one page.
  ///
  /// @param path path and query below the endpoint's own path
  /// @return the answer, which is a 200
  /// @throws ApiFailure if there is no such answer
  public ApiPage get(String path) throws ApiFailure {
    ApiResponseReader.Answer answer;
    try (TimedSocket socket = new TimedSocket(target.timeout(), ticker)) {
      open = socket;
      if (closed) {
        throw new IOException("closed");
      }
      answer = ask(socket, path);
    } catch (IOException e) {
      throw failures.broken(path, e);
    } finally {
      open = null;
    }
    if (answer.status() != 200) {
      throw failures.refused(path, answer.status(), answer.fields().getOrDefault("location", ""));
    }
    return new ApiPage(path, answer, failures);
  }

  private ApiResponseReader.Answer ask(TimedSocket socket, String path) throws IOException {
    Endpoint endpoint = target.endpoint();
    socket.setTcpNoDelay(true);
    socket.connect(
        new InetSocketAddress(endpoint.host().text(), endpoint.port()), socket.leftMillis());
    Socket secured =
        endpoint.isTls() ? TlsLayer.over(socket, context, target.tls(), endpoint.host()) : socket;
    secured.getOutputStream().write(request(path).getBytes(ISO_8859_1));
    secured.getOutputStream().flush();
    return ApiResponseReader.read(
        new BufferedInputStream(secured.getInputStream()), MAX_PAGE_BYTES);
  }

  private String request(String path) {
    Secret authorization = target.authorization();
    return "GET "
        + target.basePath()
        + path
        + " HTTP/1.1\r\nHost: "
        + target.place()
        + "\r\nAccept: application/json\r\nUser-Agent: Postern\r\nConnection: close\r\n"
        + (authorization == null ? "" : "Authorization: " + authorization.value() + "\r\n")
        + "\r\n";
  }

  ApiMessages failures() {
    return failures;
  }

  boolean isClosed() {
    return closed;
  }

  /// Breaks off what is going on, from any thread; every further question fails.
  @Override
  public void close() {
    closed = true;
    Socket now = open;
    if (now != null) {
      try {
        now.close();
      } catch (IOException alreadyBroken) {
        // Nothing is left to be closed then.
      }
    }
  }
}
