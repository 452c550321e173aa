package dev.postern.demo.idp;

import dev.postern.demo.http.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One request over one connection, byte for byte.
final class RawHttp {
  private RawHttp() {}

  /// A response; status 0 if the connection ended without one.
  record Response(int status, List<Header> headers, String body) {
    String header(String name) {
      return dev.postern.demo.http.Headers.first(headers, name);
    }

    List<String> all(String name) {
      return dev.postern.demo.http.Headers.all(headers, name);
    }
  }

  static Response send(InetSocketAddress address, String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address, 10_000);
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      byte[] all = socket.getInputStream().readAllBytes();
      return parse(new String(all, StandardCharsets.ISO_8859_1));
    }
  }

  private static Response parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Response(0, List.of(), text);
    }
    String[] lines = text.substring(0, end).split("\r\n", -1);
    List<Header> headers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.add(new Header(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
    }
    String body = text.substring(end + 4);
    boolean chunked = headers.stream().anyMatch(h -> h.is("Transfer-Encoding"));
    int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
    return new Response(status, headers, chunked ? dechunk(body) : body);
  }

  private static String dechunk(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (true) {
      int lineEnd = body.indexOf("\r\n", at);
      int size = Integer.parseInt(body.substring(at, lineEnd), 16);
      if (size == 0) {
        return out.toString(StandardCharsets.ISO_8859_1);
      }
      String chunk = body.substring(lineEnd + 2, lineEnd + 2 + size);
      out.writeBytes(chunk.getBytes(StandardCharsets.ISO_8859_1));
      at = lineEnd + 2 + size + 2;
    }
  }
}
