package dev.postern.config;

/// A socket address to listen on, written as Traefik writes it: `:9000`, `127.0.0.1:9300`,
/// `[::1]:9300`.
///
/// @param host the host, empty for every interface
/// @param port the port; 0 lets the system choose one
public record ListenAddress(String host, int port) {
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host.replace("%", "%25") + "]" : host) + ":" + port;
  }
}
