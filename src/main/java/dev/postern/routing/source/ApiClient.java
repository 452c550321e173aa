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

/// An API client that sends one request at a time, each on a new connection. Does not follow
/// redirects, so that credentials are not sent elsewhere.
///
/// The JDK's client is not used: it cannot set a server name other than the URL's host, has no
/// timeout for a whole response, and needs another JDK module and its own threads.
public final class ApiClient implements AutoCloseable {
  /// Maximum size of one page.
  static final int MAX_PAGE_BYTES = 8 * 1024 * 1024;

  /// Maximum size of all pages of a list.
  static final int MAX_LIST_BYTES = 4 * MAX_PAGE_BYTES;

  private static final int MAX_PAGES = 1000;

  private final ApiTarget target;
  private final SSLContext context;
  private final LongSupplier ticker;
  private final ApiMessages failures;

  // Mutable state; written by the polling thread, but any thread may close it.
  private volatile @Nullable Socket open;
  private volatile boolean closed;

  /// Creates a client.
  ///
  /// @param ticker monotonic nanoseconds
  /// @throws IOException if a certificate file cannot be read, with a message that names it
  ApiClient(ApiTarget target, LongSupplier ticker) throws IOException {
    this.target = target;
    this.ticker = ticker;
    context = ClientTlsContext.of(target.section() + ".tls", target.tls());
    failures = new ApiMessages(target);
  }

  /// Finds the number of the next page of a list.
  @FunctionalInterface
  public interface NextPage {
    /// Reads it from a page.
    ///
    /// @return the next page's number; not above this page's number if it is the last
    /// @throws ApiFailure if the page is invalid
    int after(ApiPage page) throws ApiFailure;
  }

  /// Reads all pages of a list, starting at page 1.
  ///
  /// @param path path and query of a page number, relative to the endpoint
  /// @param next finds the next page
  /// @throws ApiFailure if any page cannot be read
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

  /// Reads one page.
  ///
  /// @param path path and query, relative to the endpoint
  /// @return the response, which has status 200
  /// @throws ApiFailure if there is no such response
  public ApiPage get(String path) throws ApiFailure {
    ApiResponseReader.Response answer;
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

  private ApiResponseReader.Response ask(TimedSocket socket, String path) throws IOException {
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

  /// Aborts the request in flight, from any thread; all further requests fail.
  @Override
  public void close() {
    closed = true;
    Socket now = open;
    if (now != null) {
      try {
        now.close();
      } catch (IOException alreadyBroken) {
        // Closed already.
      }
    }
  }
}
