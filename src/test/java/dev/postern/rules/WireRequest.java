package dev.postern.rules;

import dev.postern.rules.request.CanonicalHost;
import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.RequestPath;
import dev.postern.rules.request.RuleRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A request as a client sends it, and as Traefik's routers see it.
///
/// @param target the request target in origin form, as a byte string
/// @param headers further headers, a name for each value
/// @param peer the client's address, sent with the PROXY protocol
record WireRequest(
    String method,
    String target,
    String host,
    List<Map.Entry<String, String>> headers,
    String peer) {

  /// The response of an entry point.
  ///
  /// @param realm the realm of a challenge, which names the router; empty without one
  record Answer(int status, String realm) {}

  Answer send(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes());
      out.flush();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String status = in.readLine();
      if (status == null) {
        throw new IOException("no answer to " + this);
      }
      String realm = "";
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        if (line.regionMatches(true, 0, "www-authenticate: basic realm=", 0, 30)) {
          realm = line.substring(31, line.length() - 1);
        }
      }
      return new Answer(Integer.parseInt(status.split(" ", -1)[1]), realm);
    }
  }

  private byte[] bytes() {
    StringBuilder text = new StringBuilder("PROXY TCP");
    text.append(peer.indexOf(':') < 0 ? "4 " + peer + " 10.9.8.7" : "6 " + peer + " fd00::7");
    text.append(" 40000 80\r\n");
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ").append(host);
    headers.forEach(h -> text.append("\r\n").append(h.getKey()).append(": ").append(h.getValue()));
    return text.append("\r\nConnection: close\r\n\r\n")
        .toString()
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The request at the routers, or empty if the entry point responds with 400.
  Optional<RuleRequest> atRouters() {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1).replace(';', '&');
    Map<String, List<String>> seen = seenHeaders();
    return RequestPath.atEntryPoint(path)
        .flatMap(RequestPath::routingPath)
        .map(routing ->
            new RuleRequest(
                method,
                host,
                null,
                routing,
                query,
                name -> seen.getOrDefault(name, List.of()),
                IpAddress.ofPeer(peer)));
  }

  /// The headers after the entry point has replaced those that an untrusted client must not set.
  private Map<String, List<String>> seenHeaders() {
    Map<String, List<String>> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> header : headers) {
      if (!isManaged(header.getKey())) {
        seen.computeIfAbsent(header.getKey(), _ -> new ArrayList<>()).add(header.getValue());
      }
    }
    boolean port = host.lastIndexOf(':') >= 0 && !CanonicalHost.withoutPort(host).equals(host);
    String number = port ? host.substring(host.lastIndexOf(':') + 1) : "";
    seen.put("X-Real-Ip", List.of(peer));
    seen.put("X-Forwarded-Proto", List.of("http"));
    seen.put("X-Forwarded-Port", List.of(number.isEmpty() ? "80" : number));
    seen.put("X-Forwarded-Host", List.of(host));
    seen.put("X-Forwarded-Server", List.of(hostName()));
    return seen;
  }

  private static boolean isManaged(String name) {
    String plain = name.replace('_', '-').toLowerCase(Locale.ROOT);
    return plain.equals("x-real-ip")
        || plain.startsWith("x-forwarded-")
        || plain.equals("x-scheme");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  @Override
  public String toString() {
    return method + " " + target + " Host: " + host + " " + headers + " from " + peer;
  }
}
