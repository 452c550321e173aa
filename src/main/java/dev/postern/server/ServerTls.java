package dev.postern.server;

import dev.postern.config.EntryPointsConfig.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// The TLS of the `auths` entry point.
public final class ServerTls {
  private ServerTls() {}

  /// Makes the context: with the given certificate, which is read again when its files change, or
  /// with a self-made one.
  ///
  /// @param config the certificate's files, or the names of a self-made one
  /// @param stateDirectory where a self-made one is kept
  /// @param clock the wall clock
  /// @param ticker monotonic nanoseconds
  /// @return the context
  /// @throws IOException if the files cannot be used, with a message that names them
  public static SSLContext context(
      Tls config, Path stateDirectory, Clock clock, LongSupplier ticker) throws IOException {
    Path certFile = config.certFile();
    Path keyFile = config.keyFile();
    KeyManager keys =
        certFile != null && keyFile != null
            ? ReloadingKeyManager.of(certFile, keyFile, ticker)
            : ReloadingKeyManager.of(
                new SelfMadeCertificate(stateDirectory, clock).get(names(config.domains())));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, null, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /// The names under which Traefik may reach a container or a process of this name.
  private static List<String> names(List<String> domains) {
    Set<String> names = new LinkedHashSet<>(List.of("postern", "localhost"));
    try {
      names.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      // A machine that does not know its own name is not reached by it either.
      names.add("localhost");
    }
    names.add("127.0.0.1");
    names.add("::1");
    names.addAll(domains);
    return List.copyOf(names);
  }
}
