package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.net.HeaderVisitor;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/// Writes heads of HTTP/1.1 responses.
final class Http1Lines implements HeaderVisitor {
  private static final byte[] OK = "HTTP/1.1 200 OK\r\n".getBytes(US_ASCII);
  private static final byte[] CACHE_STATUS = "X-Postern-Cache: ".getBytes(US_ASCII);
  private static final byte[] NO_LENGTH = "Content-Length: 0\r\n".getBytes(US_ASCII);
  private static final byte[] DATE = "Date: ".getBytes(US_ASCII);

  private final HeadBytes out;

  Http1Lines(HeadBytes out) {
    this.out = out;
  }

  /// Writes the head of a response from a cache entry.
  void entry(Entry entry, @Nullable String echoedValue, CacheStatus status, byte[] date) {
    status(entry.status());
    entry.forEach(this::stored);
    String echoed = entry.echoedHeader();
    if (echoed != null) {
      line(echoed, echoedValue == null ? "" : echoedValue);
    }
    out.octets(CACHE_STATUS);
    out.text(status.text());
    end();
    if (entry.status() != 204) {
      out.octets(NO_LENGTH);
    }
    out.octets(DATE);
    out.octets(date);
    end();
  }

  void head(ResponseHead head) {
    status(head.status());
    head.lines().forEach(this);
  }

  private void status(int status) {
    if (status == 200) {
      out.octets(OK);
      return;
    }
    out.text("HTTP/1.1 ");
    out.text(Integer.toString(status));
    out.octet(' ');
    out.text(HttpResponseStatus.valueOf(status).reasonPhrase());
    end();
  }

  /// Writes a line that was validated when its entry was created.
  private void stored(String name, String value) {
    out.text(name);
    out.octet(':');
    out.octet(' ');
    out.text(value);
    end();
  }

  @Override
  public void line(String name, String value) {
    out.guardedText(name);
    out.octet(':');
    out.octet(' ');
    out.guardedText(value);
    end();
  }

  /// Ends a line, or the head.
  void end() {
    out.octet('\r');
    out.octet('\n');
  }
}
