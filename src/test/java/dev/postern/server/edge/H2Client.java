package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A client that sends exactly the given HTTP/2 frames, and reads the frames it receives. Header
/// blocks are literals without indexing and without Huffman coding, like the server's.
final class H2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  private static final int FRAME_BYTES = 16_384;
  private static final String[] STATIC_STATUS = {"200", "204", "206", "304", "400", "404", "500"};

  /// A frame. Frames are never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    int number(int at) {
      return ((payload[at] & 0xff) << 24)
          | ((payload[at + 1] & 0xff) << 16)
          | ((payload[at + 2] & 0xff) << 8)
          | (payload[at + 3] & 0xff);
    }
  }

  /// What was received on a stream.
  static final class Response {
    final List<String> lines = new ArrayList<>();
    final StringBuilder body = new StringBuilder();
    int status;
    boolean ended;
    int reset = -1;

    List<String> values(String name) {
      return lines.stream()
          .filter(line -> line.startsWith(name + "="))
          .map(line -> line.substring(name.length() + 1))
          .toList();
    }
  }

  private final SSLSocket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final Map<Integer, Response> responses = new HashMap<>();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private int next = 1;

  /// The error code of the received GOAWAY, or -1.
  int goAway = -1;

  /// Number of received frames by type.
  final Map<Integer, Integer> counts = new HashMap<>();

  /// Whether to acknowledge SETTINGS.
  boolean acknowledges = true;

  /// Whether to send WINDOW_UPDATE for received DATA.
  boolean givesRoom = true;

  private H2Client(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /// Connects with the given initial window per stream.
  static H2Client connect(int port, SSLContext context, int window) throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
    plain.setTcpNoDelay(true);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    socket.setSoTimeout(10_000);
    H2Client client = new H2Client(socket);
    client.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    client.frame(
        SETTINGS,
        0,
        0,
        new byte[] {0, 4, 0, (byte) (window >> 16), (byte) (window >> 8), (byte) window});
    return client;
  }

  void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    raw(bytes(type, flags, stream, payload));
  }

  static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    int size = payload.length;
    byte[] frame = new byte[9 + size];
    frame[0] = (byte) (size >> 16);
    frame[1] = (byte) (size >> 8);
    frame[2] = (byte) size;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    frame[5] = (byte) (stream >> 24);
    frame[6] = (byte) (stream >> 16);
    frame[7] = (byte) (stream >> 8);
    frame[8] = (byte) stream;
    System.arraycopy(payload, 0, frame, 9, size);
    return frame;
  }

  /// Encodes header lines: each name followed by its value.
  static byte[] block(String... namesAndValues) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      bytes.write(0);
      string(bytes, namesAndValues[i]);
      string(bytes, namesAndValues[i + 1]);
    }
    return bytes.toByteArray();
  }

  private static void string(ByteArrayOutputStream bytes, String text) {
    int length = text.length();
    if (length < 127) {
      bytes.write(length);
    } else {
      bytes.write(127);
      int rest = length - 127;
      while (rest >= 128) {
        bytes.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      bytes.write(rest);
    }
    bytes.writeBytes(text.getBytes(ISO_8859_1));
  }

  static String[] get(String path, String... more) {
    String[] lines = new String[8 + more.length];
    System.arraycopy(
        new String[] {":method", "GET", ":scheme", "https", ":authority", "a", ":path", path},
        0,
        lines,
        0,
        8);
    System.arraycopy(more, 0, lines, 8, more.length);
    return lines;
  }

  int nextStream() {
    int id = next;
    next += 2;
    return id;
  }

  /// Sends a header list in as many frames as needed.
  int request(boolean end, String... lines) throws IOException {
    int id = nextStream();
    raw(head(id, end, block(lines)));
    return id;
  }

  static byte[] head(int id, boolean end, byte[] block) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    int at = 0;
    do {
      int size = Math.min(FRAME_BYTES, block.length - at);
      byte[] part = java.util.Arrays.copyOfRange(block, at, at + size);
      boolean first = at == 0;
      at += size;
      int flags = (at == block.length ? END_HEADERS : 0) | (first && end ? END_STREAM : 0);
      frames.writeBytes(bytes(first ? HEADERS : CONTINUATION, flags, id, part));
    } while (at < block.length);
    return frames.toByteArray();
  }

  void data(int stream, boolean end, String body) throws IOException {
    frame(DATA, end ? END_STREAM : 0, stream, body.getBytes(ISO_8859_1));
  }

  Response response(int stream) {
    return responses.computeIfAbsent(stream, _ -> new Response());
  }

  /// Reads until a stream has ended.
  Response await(int stream) throws IOException {
    Response response = response(stream);
    while (!response.ended && response.reset < 0) {
      take(read());
    }
    return response;
  }

  /// Reads until a stream was reset.
  Response awaitReset(int stream) throws IOException {
    Response response = response(stream);
    while (response.reset < 0) {
      take(read());
    }
    return response;
  }

  /// Reads until the connection ends.
  void awaitEnd() throws IOException {
    try {
      while (true) {
        take(read());
      }
    } catch (EOFException | java.net.SocketException | javax.net.ssl.SSLException ended) {
      // The expected end.
    }
  }

  /// Reads until the response to a PING, so that the server has processed everything sent before.
  void settle() throws IOException {
    int before = counts.getOrDefault(PING, 0);
    frame(PING, 0, 0, new byte[8]);
    while (counts.getOrDefault(PING, 0) == before) {
      take(read());
    }
  }

  Frame read() throws IOException {
    int size = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = new byte[size];
    in.readFully(payload);
    return new Frame(type, flags, stream, payload);
  }

  void take(Frame frame) throws IOException {
    counts.merge(frame.type(), 1, Integer::sum);
    Response response = response(frame.stream());
    switch (frame.type()) {
      case HEADERS, CONTINUATION -> {
        block.writeBytes(frame.payload());
        if ((frame.flags() & END_HEADERS) != 0) {
          decode(block.toByteArray(), response);
          block.reset();
        }
      }
      case DATA -> {
        response.body.append(new String(frame.payload(), ISO_8859_1));
        if (givesRoom && frame.payload().length > 0) {
          room(0, frame.payload().length);
          if (!frame.endsStream()) {
            room(frame.stream(), frame.payload().length);
          }
        }
      }
      case RST_STREAM -> response.reset = frame.number(0);
      case GOAWAY -> goAway = frame.number(4);
      case SETTINGS -> {
        if (frame.flags() == 0 && acknowledges) {
          frame(SETTINGS, ACK, 0, new byte[0]);
        }
      }
      default -> {
        // Counted above; nothing else to do.
      }
    }
    response.ended |= frame.endsStream();
  }

  void room(int stream, int bytes) throws IOException {
    frame(
        WINDOW_UPDATE,
        0,
        stream,
        new byte[] {(byte) (bytes >> 24), (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes});
  }

  private static void decode(byte[] block, Response response) {
    int[] at = {0};
    while (at[0] < block.length) {
      int first = block[at[0]++] & 0xff;
      if ((first & 0x80) != 0) {
        response.status = Integer.parseInt(STATIC_STATUS[(first & 0x7f) - 8]);
      } else if (first == 8) {
        response.status = Integer.parseInt(text(block, at));
      } else if (first == 0) {
        String name = text(block, at);
        response.lines.add(name + "=" + text(block, at));
      } else if (first != 0x20) {
        throw new AssertionError("not a literal without indexing: " + first);
      }
    }
  }

  private static String text(byte[] block, int[] at) {
    int length = block[at[0]++] & 0xff;
    if (length == 127) {
      int shift = 0;
      int b;
      do {
        b = block[at[0]++] & 0xff;
        length += (b & 0x7f) << shift;
        shift += 7;
      } while ((b & 0x80) != 0);
    }
    String text = new String(block, at[0], length, ISO_8859_1);
    at[0] += length;
    return text;
  }

  /// Ends the connection like a killed process: unread bytes cause a TCP reset.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
