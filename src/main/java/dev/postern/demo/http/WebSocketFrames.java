package dev.postern.demo.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The server's side of a WebSocket connection (RFC 6455) that carries text messages.
public final class WebSocketFrames {
  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final DataInputStream in;
  private final OutputStream out;

  /// Prevents frames of several senders from mixing.
  private final ReentrantLock writing = new ReentrantLock();

  /// A connection after its handshake.
  ///
  /// @param in what the client sends
  /// @param out what the client receives
  public WebSocketFrames(InputStream in, OutputStream out) {
    this.in = new DataInputStream(in);
    this.out = out;
  }

  /// The value of `Sec-WebSocket-Accept`.
  ///
  /// @param key the client's `Sec-WebSocket-Key`
  public static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      String text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
      byte[] digest = sha1.digest(text.getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK lacks SHA-1", e);
    }
  }

  /// Waits for the next text message, and responds to pings meanwhile.
  ///
  /// @return the message, or nothing when the connection ends
  /// @throws IOException if the connection breaks or the client violates the protocol
  public Optional<String> receive() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      int first;
      try {
        first = in.readUnsignedByte();
      } catch (EOFException e) {
        return Optional.empty();
      }
      byte[] payload = payload(message.size());
      switch (first & 15) {
        case CLOSE -> {
          write(CLOSE, payload);
          return Optional.empty();
        }
        case PING -> write(PONG, payload);
        case PONG -> {}
        case TEXT, BINARY, CONTINUATION -> {
          message.writeBytes(payload);
          if ((first & 0x80) != 0) {
            return Optional.of(message.toString(StandardCharsets.UTF_8));
          }
        }
        default -> throw new IOException("An unknown kind of frame: " + (first & 15));
      }
    }
  }

  private byte[] payload(int before) throws IOException {
    int second = in.readUnsignedByte();
    if ((second & 0x80) == 0) {
      throw new IOException("A client's frame that is not masked.");
    }
    long length =
        switch (second & 0x7f) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second & 0x7f;
        };
    if (length < 0 || before + length > MAX_MESSAGE_BYTES) {
      throw new IOException("A message that is too large.");
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes((int) length);
    if (mask.length < 4 || payload.length < length) {
      throw new EOFException("The connection ended inside a frame.");
    }
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return payload;
  }

  /// Sends a text message.
  ///
  /// @param text the message
  /// @throws IOException if the connection is broken
  public void send(String text) throws IOException {
    write(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends a close frame.
  ///
  /// @param code the status code, for example 1001
  /// @throws IOException if the connection is broken
  public void close(int code) throws IOException {
    write(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  private void write(int kind, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 10);
    frame.write(0x80 | kind);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 1 << 16) {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.writeBytes(payload);
    writing.lock();
    try {
      out.write(frame.toByteArray());
      out.flush();
    } finally {
      writing.unlock();
    }
  }
}
