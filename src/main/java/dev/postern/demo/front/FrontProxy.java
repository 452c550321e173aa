package dev.postern.demo.front;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpClient;
import dev.postern.demo.http.HttpHandler;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.HttpServer;
import dev.postern.demo.http.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A plain-HTTP proxy on 127.0.0.1 that routes by host and first calls a forward-auth address.
///
/// It does what Traefik does with a `forwardAuth` middleware and with a router for
/// `/outpost.goauthentik.io/`; it does not carry websockets and buffers bodies up to 16 MiB.
public final class FrontProxy implements AutoCloseable {
  private static final String PROTO = "http";
  private static final String OUTPOST = "/outpost.goauthentik.io/";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Map<String, Site> sites = new HashMap<>();
  private final HttpHandler unknownHost;
  private final Map<InetSocketAddress, HttpClient> clients = new ConcurrentHashMap<>();
  private final HttpServer server;

  private FrontProxy(int port, List<Site> sites, HttpHandler unknownHost) {
    sites.forEach(site -> this.sites.put(site.host(), site));
    this.unknownHost = unknownHost;
    this.server = HttpServer.start(port, this::handle, Clock.systemUTC());
  }

  /// Starts a front proxy.
  ///
  /// @param port the port, 0 for a free one
  /// @param sites its hosts
  /// @param unknownHost responds to requests for any other host
  public static FrontProxy start(int port, List<Site> sites, HttpHandler unknownHost) {
    return new FrontProxy(port, sites, unknownHost);
  }

  /// The address it listens on.
  ///
  /// @return 127.0.0.1 and the port
  public InetSocketAddress address() {
    return server.address();
  }

  /// A service that forwards requests to a backend; it responds 502 if the backend fails.
  public HttpHandler passTo(InetSocketAddress backend) {
    return request -> pass(request, backend);
  }

  private Reply handle(HttpRequest received) throws InterruptedException {
    Site site = sites.get(hostName(received.header("Host")));
    if (site == null) {
      return unknownHost.handle(received);
    }
    HttpRequest request = EntryPoint.receive(received, PROTO, "postern-demo");
    if (site.outpost().isPresent() && request.path().startsWith(OUTPOST)) {
      return pass(request, site.outpost().get());
    }
    return site.auth().isPresent()
        ? guarded(request, site, site.auth().get())
        : site.service().handle(request);
  }

  private static String hostName(String host) {
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  private Reply guarded(HttpRequest request, Site site, ForwardAuth auth)
      throws InterruptedException {
    String host = authority(auth.address());
    HttpRequest question =
        AuthRequest.of(request, host, auth.path(), auth.trustForwardHeader(), PROTO);
    Reply.Response verdict;
    try {
      verdict = client(auth.address()).send(question);
    } catch (IOException e) {
      return new Reply.Response(500, List.of(), new byte[0]);
    }
    if (verdict.status() >= 200 && verdict.status() < 300) {
      List<String> names = auth.authResponseHeaders();
      return site.service().handle(AuthRequest.withIdentity(request, verdict.headers(), names));
    }
    return denied(verdict, "http://" + host + auth.path());
  }

  private static Reply denied(Reply.Response verdict, String authUrl) {
    List<Header> headers = new ArrayList<>();
    for (Header header : relayed(verdict)) {
      if (!header.is("Location")) {
        headers.add(header);
        continue;
      }
      try {
        String resolved = URI.create(authUrl).resolve(header.value()).toString();
        headers.add(new Header(header.name(), resolved));
      } catch (IllegalArgumentException e) {
        return new Reply.Response(500, headers, new byte[0]);
      }
    }
    return new Reply.Response(verdict.status(), headers, verdict.body());
  }

  /// The headers of a response without those that the server writes itself.
  private static List<Header> relayed(Reply.Response response) {
    List<Header> headers = EntryPoint.endToEnd(response.headers());
    headers.removeIf(header -> header.is("Content-Length") || header.is("Date"));
    return headers;
  }

  private Reply pass(HttpRequest request, InetSocketAddress backend) {
    List<Header> headers = EntryPoint.endToEnd(request.headers());
    headers.removeIf(header -> header.is("X-Forwarded-For") || header.is("Content-Length"));
    headers.add(new Header("X-Forwarded-For", EntryPoint.peer(request)));
    if (request.body().length > 0 || request.method().equals("POST")) {
      headers.add(new Header("Content-Length", Integer.toString(request.body().length)));
    }
    try {
      Reply.Response response = client(backend).send(request.withHeaders(headers));
      return new Reply.Response(response.status(), relayed(response), response.body());
    } catch (IOException e) {
      return Reply.Response.text(502, "text/plain; charset=utf-8", "Bad Gateway");
    }
  }

  private HttpClient client(InetSocketAddress address) {
    return clients.computeIfAbsent(address, key -> new HttpClient(key, TIMEOUT));
  }

  private static String authority(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  @Override
  public void close() {
    server.close();
    clients.values().forEach(HttpClient::close);
  }
}
