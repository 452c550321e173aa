package dev.postern.feeds;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The client's side of an open websocket connection (RFC 6455, section 5) within bounds: a message
/// has a greatest size and a longest time from its first byte to its last.
final class OutpostChannel implements Channel {
  /// Bound of a message, all its fragments together.
  static final int MAX_MESSAGE_BYTES = 64 * 1024;

  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /// A peer that pings without end and reads nothing must not fill the way back.
  private static final long PONG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Socket socket;
  private final InputStream in;
  private final Duration messageLimit;
  private final LongSupplier ticker;
  private final SecureRandom random = new SecureRandom();

  // Mutable state of the reading thread.
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private boolean isInMessage;
  private long messageEnd;
  private long nextPong;

  /// @param socket after its handshake
  /// @param in what comes from it
  /// @param messageLimit bound of the time that a message may take to arrive
  /// @param ticker nanoseconds
  OutpostChannel(Socket socket, InputStream in, Duration messageLimit, LongSupplier ticker) {
    this.socket = socket;
    this.in = in;
    this.messageLimit = messageLimit;
    this.ticker = ticker;
    nextPong = ticker.getAsLong();
  }

  @Override
  public Received receive(Duration patience) throws ConnectionLost {
    long end = ticker.getAsLong() + patience.toNanos();
    try {
      while (true) {
        long until = isInMessage && messageEnd - end < 0 ? messageEnd : end;
        int first;
        try {
          first = read(until);
        } catch (SocketTimeoutException silence) {
          if (isInMessage && ticker.getAsLong() - messageEnd >= 0) {
            throw halfMessage();
          }
          return new Received.Silence();
        }
        Received received = frame(first);
        if (received != null) {
          return received;
        }
      }
    } catch (SocketTimeoutException inFrame) {
      throw halfMessage();
    } catch (IOException e) {
      throw new ConnectionLost("the connection broke: " + e.getMessage(), e);
    }
  }

  private ConnectionLost halfMessage() {
    return new ConnectionLost(
        "a message did not end within " + messageLimit.toSeconds() + " s of its beginning");
  }

  /// Reads the rest of a frame.
  ///
  /// @return what it completes, or null
  private @Nullable Received frame(int first) throws IOException, ConnectionLost {
    if (!isInMessage) {
      messageEnd = ticker.getAsLong() + messageLimit.toNanos();
    }
    int kind = first & 15;
    boolean isLast = (first & 0x80) != 0;
    if ((first & 0x70) != 0 || (kind >= CLOSE && !isLast)) {
      throw violation("reserved bits");
    }
    byte[] payload = payload(kind);
    return switch (kind) {
      case TEXT, BINARY, CONTINUATION -> {
        if (isInMessage != (kind == CONTINUATION)) {
          throw violation("fragments out of order");
        }
        message.writeBytes(payload);
        isInMessage = !isLast;
        yield isLast ? new Received.Text(text()) : null;
      }
      case PING -> {
        pong(payload);
        yield new Received.Sign();
      }
      case PONG -> new Received.Sign();
      case CLOSE -> throw closed(payload);
      default -> throw violation("an unknown kind of frame");
    };
  }

  private byte[] payload(int kind) throws IOException, ConnectionLost {
    int second = read(messageEnd);
    if ((second & 0x80) != 0) {
      throw violation("a masked frame");
    }
    int announced = second & 0x7f;
    if (kind >= CLOSE && announced > 125) {
      throw violation("a long control frame");
    }
    int more = announced == 127 ? 8 : announced == 126 ? 2 : 0;
    long length = more == 0 ? announced : 0;
    for (int i = 0; i < more; i++) {
      length = (length << 8) | read(messageEnd);
    }
    long before = kind >= CLOSE ? 0 : message.size();
    if (length < 0 || before + length > MAX_MESSAGE_BYTES) {
      throw new ConnectionLost(
          "it sent a message above " + MAX_MESSAGE_BYTES + " bytes, which no instruction is");
    }
    byte[] payload = new byte[(int) length];
    for (int filled = 0; filled < payload.length; ) {
      awaitUntil(messageEnd);
      int count = in.read(payload, filled, payload.length - filled);
      if (count < 0) {
        throw ended();
      }
      filled += count;
    }
    return payload;
  }

  private int read(long until) throws IOException, ConnectionLost {
    awaitUntil(until);
    int next = in.read();
    if (next < 0) {
      throw ended();
    }
    return next;
  }

  private void awaitUntil(long until) throws IOException {
    long left = until - ticker.getAsLong();
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
  }

  private String text() throws ConnectionLost {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(message.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw violation("text that is not UTF-8");
    } finally {
      message.reset();
    }
  }

  private static ConnectionLost ended() {
    return new ConnectionLost("authentik ended the connection without a word");
  }

  private static ConnectionLost closed(byte[] payload) {
    String code =
        payload.length < 2
            ? "no code"
            : "code " + (((payload[0] & 0xff) << 8) | (payload[1] & 0xff));
    return new ConnectionLost("authentik closed the connection with " + code);
  }

  private static ConnectionLost violation(String what) {
    return new ConnectionLost(
        "it does not keep to the websocket protocol (" + what + "); something between spoils it");
  }

  private void pong(byte[] payload) throws IOException {
    long now = ticker.getAsLong();
    if (now - nextPong >= 0) {
      nextPong = now + PONG_PAUSE_NANOS;
      send(PONG, payload);
    }
  }

  @Override
  public void ping() throws ConnectionLost {
    try {
      send(PING, new byte[0]);
    } catch (IOException e) {
      throw new ConnectionLost("the connection broke: " + e.getMessage(), e);
    }
  }

  /// A client masks what it sends (RFC 6455, section 5.3).
  private void send(int kind, byte[] payload) throws IOException {
    byte[] mask = new byte[4];
    random.nextBytes(mask);
    byte[] frame = new byte[6 + payload.length];
    frame[0] = (byte) (0x80 | kind);
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(mask, 0, frame, 2, 4);
    for (int i = 0; i < payload.length; i++) {
      frame[6 + i] = (byte) (payload[i] ^ mask[i & 3]);
    }
    socket.getOutputStream().write(frame);
    socket.getOutputStream().flush();
  }

  @Override
  public void close() {
    OutpostConnector.closeQuietly(socket);
  }
}
