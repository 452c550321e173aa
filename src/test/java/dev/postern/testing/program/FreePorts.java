package dev.postern.testing.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Finds ports for programs that cannot report which port they chose.
public final class FreePorts {
  /// Below the range of ports for outgoing connections: on a busy machine such a connection could
  /// take the port before the program does.
  private static final int FIRST = 15_000;

  private static final int END = 32_000;
  private static final int TRIES = 1_000;

  private FreePorts() {}

  /// Finds ports of this machine that are free at the moment.
  ///
  /// @param count how many
  /// @throws UncheckedIOException when there are none
  public static List<Integer> find(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(listen());
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket listen() throws IOException {
    for (int i = 1; ; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
      } catch (BindException e) {
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }
}
