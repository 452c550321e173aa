package dev.postern.server.edge;

import dev.postern.server.Exchange.Head;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Collects and validates a header list while HPACK decodes it (RFC 9113 sections 8.1 to 8.3). A
/// refused list is still decoded to its end, because later ones depend on it, but not kept.
final class StreamHead extends HeaderList {
  private static final AsciiString HOST = AsciiString.cached("host");

  /// Bytes of a list that need no reservation: only one is decoded at a time on an event loop.
  private static final int UNCOUNTED_BYTES = 32 * 1024;

  /// `: ` and the line end, so that a list is counted as over HTTP/1.1.
  private static final int LINE_BYTES = 4;

  private static final long MAX_LENGTH_DIGITS = 18;

  /// The method of a refused request is kept only up to this length.
  private static final int MAX_METHOD_LENGTH = 16;

  private final Peer peer;
  private final StreamLines lines = new StreamLines();
  private @Nullable AsciiString method;
  private @Nullable AsciiString scheme;
  private @Nullable AsciiString authority;
  private @Nullable AsciiString path;
  private @Nullable Refusal refusal;
  private boolean hasPseudo;
  private boolean crumbs;
  private int cookies;
  private int bytes;
  private int count;
  private long held;

  StreamHead(Peer peer) {
    this.peer = peer;
  }

  @Override
  public Http2Headers add(CharSequence name, CharSequence value) {
    if (refusal == null) {
      take(AsciiString.of(name), AsciiString.of(value));
    }
    return this;
  }

  private void take(AsciiString name, AsciiString value) {
    bytes += name.length() + value.length() + LINE_BYTES;
    count++;
    if (bytes > peer.limits().headBytes()) {
      refuse(Refusal.of(Limit.HEAD_SIZE));
    } else if (name.isEmpty()) {
      refuse("A header line has no name.");
    } else if (name.byteAt(0) == ':') {
      pseudo(name, value);
    } else if (lines.size() >= peer.limits().headLines()) {
      refuse(Refusal.of(Limit.HEAD_LINES));
    } else {
      regular(name, value);
    }
    if (bytes > UNCOUNTED_BYTES && refusal == null) {
      hold();
    }
  }

  private void hold() {
    long cost = EdgeLimits.headCost(bytes, count);
    if (cost > held) {
      // In steps, because a list of many lines should not change a shared counter for each.
      long wanted = cost + UNCOUNTED_BYTES - held;
      if (peer.take(wanted)) {
        held += wanted;
      } else {
        refuse(Refusal.of(Limit.MEMORY));
      }
    }
  }

  private void refuse(String sentence) {
    refuse(Refusal.malformed(sentence));
  }

  private void refuse(Refusal reason) {
    refusal = reason;
    release();
  }

  /// Releases the reserved memory.
  void release() {
    if (held > 0) {
      peer.give(held);
      held = 0;
    }
  }

  private void pseudo(AsciiString name, AsciiString value) {
    hasPseudo = true;
    if (lines.size() > 0) {
      refuse("A pseudo-header follows a header line.");
      return;
    }
    switch (name.toString()) {
      case ":method" -> method = once(method, value);
      case ":scheme" -> scheme = once(scheme, value);
      case ":authority" -> authority = once(authority, value);
      case ":path" -> path = once(path, value);
      default -> refuse("The request has an unknown pseudo-header.");
    }
  }

  private AsciiString once(@Nullable AsciiString before, AsciiString value) {
    if (before != null) {
      refuse("A pseudo-header is duplicated.");
    }
    return value;
  }

  private void regular(AsciiString name, AsciiString value) {
    int from = name.arrayOffset();
    int to = from + name.length();
    if (!Octets.isLowerCaseToken(name.array(), from, to)) {
      refuse("The name of a header line is not valid.");
      return;
    }
    AsciiString stripped = value;
    int start = value.arrayOffset();
    if (!Octets.isValue(value.array(), start, start + value.length())) {
      refuse("A header line contains control characters.");
      return;
    }
    if (isForbidden(name, value)) {
      refuse("HTTP/2 forbids connection-specific header lines.");
      return;
    }
    if (isBlankAround(value)) {
      stripped = value.trim();
    }
    if (name.length() == 6 && name.contentEquals("cookie")) {
      crumbs = ++cookies > 1;
    }
    lines.add(name, stripped);
  }

  private static boolean isBlankAround(AsciiString value) {
    int length = value.length();
    return length > 0 && (isBlank(value.byteAt(0)) || isBlank(value.byteAt(length - 1)));
  }

  private static boolean isBlank(byte octet) {
    return octet >= 0 && octet <= ' ';
  }

  /// RFC 9113 section 8.2.2.
  private static boolean isForbidden(AsciiString name, AsciiString value) {
    return switch (name.length()) {
      case 2 -> name.contentEquals("te") && !value.contentEqualsIgnoreCase("trailers");
      case 7 -> name.contentEquals("upgrade");
      case 10 -> name.contentEquals("connection") || name.contentEquals("keep-alive");
      case 16 -> name.contentEquals("proxy-connection");
      case 17 -> name.contentEquals("transfer-encoding");
      default -> false;
    };
  }

  /// Why these trailers are invalid, or null.
  @Nullable Refusal trailersRefusal() {
    return hasPseudo ? Refusal.malformed("The trailers contain a pseudo-header.") : refusal;
  }

  /// Why the request is refused, or null. Must be called at the end of the list, before the other
  /// methods.
  @Nullable Refusal end() {
    if (refusal == null) {
      checkWhole();
    }
    if (refusal == null) {
      long cost = EdgeLimits.headCost(bytes, count);
      if (cost <= held || peer.take(cost - held)) {
        if (cost < held) {
          peer.give(held - cost);
        }
        held = cost;
      } else {
        refuse(Refusal.of(Limit.MEMORY));
      }
    }
    return refusal;
  }

  private void checkWhole() {
    AsciiString target = path;
    if (method == null || !isToken(method)) {
      refuse("The request has no valid :method.");
    } else if (scheme == null || scheme.isEmpty()) {
      refuse("The request has no :scheme.");
    } else if (target == null || !isOriginForm(target)) {
      refuse("The request has no valid :path.");
    } else {
      checkAuthority();
    }
  }

  private void checkAuthority() {
    int hosts = lines.count("host");
    String host = lines.first("host");
    AsciiString sent = authority;
    if (hosts > 1 || (hosts == 1 && sent != null && !sent.contentEquals(String.valueOf(host)))) {
      refuse("The request has more than one host.");
      return;
    }
    if (sent == null && host == null) {
      refuse("The request has no :authority.");
      return;
    }
    AsciiString value = sent == null ? AsciiString.of(String.valueOf(host)) : sent;
    int from = value.arrayOffset();
    if (!Octets.isHost(value.array(), from, from + value.length())) {
      refuse("The :authority is not valid.");
      return;
    }
    authority = value;
    if (hosts == 0) {
      lines.addFirst(HOST, value);
    }
    if (crumbs) {
      lines.join("cookie", "; ");
    }
  }

  private static boolean isToken(AsciiString text) {
    int from = text.arrayOffset();
    return Octets.isToken(text.array(), from, from + text.length());
  }

  private static boolean isOriginForm(AsciiString text) {
    int from = text.arrayOffset();
    return Octets.isOriginForm(text.array(), from, from + text.length());
  }

  /// The head of the request. Of a refused request it has only the method, which decides whether
  /// the response has a body: the rest is no longer counted as memory, and its stream may live on.
  Head head() {
    if (refusal != null) {
      String name = method == null || method.length() > MAX_METHOD_LENGTH ? "" : text(method);
      return new Head(name, "", "HTTP/2.0", peer.scheme(), "", new StreamLines());
    }
    return new Head(text(method), text(path), "HTTP/2.0", peer.scheme(), text(authority), lines);
  }

  private static String text(@Nullable AsciiString value) {
    return value == null ? "" : value.toString();
  }

  /// The reserved bytes; the new owner must release them.
  long handOverCost() {
    long cost = held;
    held = 0;
    return cost;
  }

  /// The declared length of the body, -1 without one, -2 if it is invalid.
  long contentLength() {
    String digits = lines.first("content-length");
    if (digits == null) {
      return -1;
    }
    boolean valid =
        lines.count("content-length") == 1
            && !digits.isEmpty()
            && digits.length() <= MAX_LENGTH_DIGITS;
    for (int i = 0; valid && i < digits.length(); i++) {
      valid = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    return valid ? Long.parseLong(digits) : -2;
  }

  boolean expectsContinue() {
    return "100-continue".equalsIgnoreCase(lines.single("expect"));
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public @Nullable CharSequence method() {
    return method;
  }

  @Override
  public @Nullable CharSequence scheme() {
    return scheme;
  }

  @Override
  public @Nullable CharSequence authority() {
    return authority;
  }

  @Override
  public @Nullable CharSequence path() {
    return path;
  }
}
