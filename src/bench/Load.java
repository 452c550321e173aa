import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Load for the comparisons: a closed loop of requests that differ in their session cookie only.
///
/// It exists because no common generator sends a different cookie with each HTTP/2 request. It
/// writes ready-made bytes and reads no more of a response than its status and its end, so that it
/// takes little of the machine from what is measured.
///
///     java Load.java h1|h2 HOST PORT CONNECTIONS STREAMS SESSIONS SECONDS [PATH] [HEADER: VALUE]…
///
/// `{session}` in a header is replaced by the number of the session. One JSON line comes out:
/// requests, responses other than 200, seconds, requests per second, and latencies in µs.
final class Load {
  private static final int MOST_SAMPLES = 4_000_000;
  private static final byte[] LENGTH = "content-length: ".getBytes(ISO_8859_1);

  private final String mode;
  private final String host;
  private final int port;
  private final int streams;
  private final double seconds;
  private final byte[][] requests;
  private final LongAdder done = new LongAdder();
  private final LongAdder other = new LongAdder();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger samples = new AtomicInteger();
  private final int[] micros = new int[MOST_SAMPLES];
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private long beginNanos;
  private volatile long endNanos;

  private Load(String mode, String host, int port, int streams, double seconds, byte[][] requests) {
    this.mode = mode;
    this.host = host;
    this.port = port;
    this.streams = streams;
    this.seconds = seconds;
    this.requests = requests;
  }

  static void main(String[] args) throws Exception {
    String mode = args[0];
    int connections = Integer.parseInt(args[3]);
    int sessions = Integer.parseInt(args[5]);
    String path = args.length > 7 ? args[7] : "/";
    List<String> headers = List.of(args).subList(Math.min(8, args.length), args.length);
    byte[][] requests = new byte[sessions][];
    for (int i = 0; i < sessions; i++) {
      requests[i] = request(mode, path, headers, String.format("%06d", i));
    }
    Load load =
        new Load(
            mode,
            args[1],
            Integer.parseInt(args[2]),
            Integer.parseInt(args[4]),
            Double.parseDouble(args[6]),
            requests);
    load.run(connections);
  }

  private static byte[] request(String mode, String path, List<String> headers, String session)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (mode.equals("h2")) {
      literal(bytes, ":method", "GET");
      literal(bytes, ":scheme", "https");
      literal(bytes, ":authority", "127.0.0.1");
      literal(bytes, ":path", path);
    } else {
      bytes.write(("GET " + path + " HTTP/1.1\r\n").getBytes(ISO_8859_1));
    }
    for (String header : headers) {
      String[] line = header.replace("{session}", session).split(": ", 2);
      if (mode.equals("h2")) {
        if (!line[0].equalsIgnoreCase("host")) {
          literal(bytes, line[0].toLowerCase(java.util.Locale.ROOT), line[1]);
        }
      } else {
        bytes.write((line[0] + ": " + line[1] + "\r\n").getBytes(ISO_8859_1));
      }
    }
    if (!mode.equals("h2")) {
      bytes.write("\r\n".getBytes(ISO_8859_1));
    }
    return bytes.toByteArray();
  }

  /// A literal field that is not indexed (RFC 7541 section 6.2.2).
  private static void literal(ByteArrayOutputStream out, String name, String value) {
    out.write(0);
    string(out, name);
    string(out, value);
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    if (bytes.length < 127) {
      out.write(bytes.length);
    } else {
      out.write(127);
      int rest = bytes.length - 127;
      while (rest >= 128) {
        out.write(rest & 127 | 128);
        rest >>>= 7;
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  private void run(int connections) throws Exception {
    if (mode.equals("h1")) {
      new Plain().run(connections);
      report();
      return;
    }
    CountDownLatch ready = new CountDownLatch(connections);
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = open()) {
                  ready.countDown();
                  start.await();
                  new Streams(socket).run();
                } catch (Exception failure) {
                  failures.add(failure);
                  ready.countDown();
                }
              }));
    }
    ready.await();
    begin();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    report();
  }

  /// Every connection is there: from now on counts.
  private void begin() {
    beginNanos = System.nanoTime();
    endNanos = beginNanos + (long) (seconds * 1e9);
  }

  private void report() {
    double took = (System.nanoTime() - beginNanos) / 1e9;
    int count = Math.min(samples.get(), MOST_SAMPLES);
    Arrays.sort(micros, 0, count);
    System.out.printf(
        java.util.Locale.ROOT,
        "{\"requests\":%d,\"other\":%d,\"failed\":%d,\"seconds\":%.3f,\"rate\":%.1f,\"p50\":%d,\"p99\":%d,\"max\":%d}%n",
        done.sum(),
        other.sum(),
        failures.size(),
        took,
        done.sum() / took,
        count == 0 ? 0 : micros[count / 2],
        count == 0 ? 0 : micros[(int) (count * 0.99)],
        count == 0 ? 0 : micros[count - 1]);
    failures.stream().limit(3).forEach(failure -> System.err.println("connection: " + failure));
  }

  private Socket open() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAnyone()}, new SecureRandom());
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, port);
    socket.setTcpNoDelay(true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private byte[] nextRequest() {
    return requests[Math.floorMod(next.getAndIncrement(), requests.length)];
  }

  private void answered(long sentNanos, boolean ok) {
    done.increment();
    if (!ok) {
      other.increment();
    }
    int place = samples.getAndIncrement();
    if (place < MOST_SAMPLES) {
      micros[place] = (int) ((System.nanoTime() - sentNanos) / 1000);
    }
  }

  /// HTTP/1.1 on one thread: a thread for each connection would cost more than the server does.
  private final class Plain {
    private final Selector selector = Selector.open();
    private final ByteBuffer received = ByteBuffer.allocateDirect(65536);
    private final byte[] bytes = new byte[65536];
    private int open;

    Plain() throws IOException {}

    void run(int connections) throws IOException {
      for (int i = 0; i < connections; i++) {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
      }
      begin();
      for (SelectionKey key : selector.keys()) {
        open++;
        ((Connection) key.attachment()).send();
      }
      while (open > 0) {
        selector.select(this::read);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    }

    private void read(SelectionKey key) {
      try {
        ((Connection) key.attachment()).read();
      } catch (IOException failure) {
        failures.add(failure);
        key.cancel();
        open--;
      }
    }

    /// One connection. A response ends with its `Content-Length`; others are not understood.
    private final class Connection {
      private final SocketChannel channel;
      private final byte[] head = new byte[65536];
      private int size;
      private long body = -1;
      private boolean ok;
      private long sentNanos;

      Connection(SocketChannel channel) {
        this.channel = channel;
      }

      void send() throws IOException {
        size = 0;
        body = -1;
        sentNanos = System.nanoTime();
        ByteBuffer request = ByteBuffer.wrap(nextRequest());
        while (request.hasRemaining()) {
          channel.write(request);
        }
      }

      void read() throws IOException {
        received.clear();
        int count = channel.read(received);
        if (count < 0) {
          throw new EOFException("the server closed the connection");
        }
        received.flip().get(bytes, 0, count);
        int at = 0;
        while (body < 0 && at < count) {
          head[size++] = bytes[at++];
          if (head[size - 1] == '\n' && size > 3 && head[size - 3] == '\n') {
            headEnded();
          }
        }
        body -= count - at;
        if (body == 0) {
          answered(sentNanos, ok);
          if (System.nanoTime() < endNanos) {
            send();
          } else {
            open--;
          }
        }
      }

      private void headEnded() throws IOException {
        ok = head[9] == '2' && head[10] == '0' && head[11] == '0';
        for (int i = 0; i < size - 16; i++) {
          if (head[i] == '\n' && isLength(i + 1)) {
            body = 0;
            for (int digit = i + 17; head[digit] != '\r'; digit++) {
              body = 10 * body + head[digit] - '0';
            }
            return;
          }
        }
        throw new IOException("no Content-Length");
      }

      private boolean isLength(int from) {
        for (int i = 0; i < LENGTH.length; i++) {
          if ((head[from + i] | 32) != (LENGTH[i] | 32)) {
            return false;
          }
        }
        return true;
      }
    }
  }

  /// One HTTP/2 connection that keeps a number of streams open (RFC 9113).
  private final class Streams {
    private static final int MOST_STREAMS = 1 << 20;
    private final OutputStream out;
    private final DataInputStream in;
    private final long[] sent = new long[MOST_STREAMS];
    private final boolean[] good = new boolean[MOST_STREAMS];
    private int last = 1;
    private int open;
    private int received;

    Streams(Socket socket) throws IOException {
      out = new BufferedOutputStream(socket.getOutputStream(), 65536);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65536));
    }

    void run() throws IOException {
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
      // No dynamic table at either end, a window that never closes.
      frame(4, 0, 0, new byte[] {0, 1, 0, 0, 0, 0, 0, 4, 0x3f, -1, -1, -1});
      for (int i = 0; i < streams; i++) {
        send();
      }
      out.flush();
      while (open > 0) {
        read();
        if (in.available() == 0) {
          out.flush();
        }
      }
    }

    private void send() throws IOException {
      byte[] block = nextRequest();
      int number = last / 2;
      if (number >= MOST_STREAMS) {
        return;
      }
      sent[number] = System.nanoTime();
      frame(1, 5, last, block);
      last += 2;
      open++;
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
      int size = payload.length;
      out.write(
          new byte[] {
            (byte) (size >> 16),
            (byte) (size >> 8),
            (byte) size,
            (byte) type,
            (byte) flags,
            (byte) (stream >> 24),
            (byte) (stream >> 16),
            (byte) (stream >> 8),
            (byte) stream
          });
      out.write(payload);
    }

    private void read() throws IOException {
      int size = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = in.readNBytes(size);
      switch (type) {
        case 0 -> data(flags, stream, size);
        case 1 -> {
          good[stream / 2] = isOk(payload);
          ended(flags, stream);
        }
        case 3 -> {
          good[stream / 2] = false;
          ended(1, stream);
        }
        case 4 -> {
          if ((flags & 1) == 0) {
            frame(4, 1, 0, new byte[0]);
          }
        }
        case 6 -> {
          if ((flags & 1) == 0) {
            frame(6, 1, 0, payload);
          }
        }
        case 7 -> throw new IOException("GOAWAY");
        default -> {}
      }
    }

    private void data(int flags, int stream, int size) throws IOException {
      received += size;
      if (received > 16384) {
        frame(8, 0, 0, new byte[] {0, 0, (byte) (received >> 8), (byte) received});
        received = 0;
      }
      ended(flags, stream);
    }

    /// 200 as an index of the static table or as a literal, behind any change of the table's size.
    private static boolean isOk(byte[] block) {
      int at = 0;
      while (at < block.length && (block[at] & 0xe0) == 0x20) {
        at++;
      }
      return at < block.length
          && (block[at] == (byte) 0x88
              || new String(block, at, Math.min(14, block.length - at), ISO_8859_1)
                  .contains("200"));
    }

    private void ended(int flags, int stream) throws IOException {
      if ((flags & 1) == 0) {
        return;
      }
      open--;
      answered(sent[stream / 2], good[stream / 2]);
      if (System.nanoTime() < endNanos) {
        send();
      }
    }
  }

  private static final class TrustAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
