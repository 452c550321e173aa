package dev.postern.server.tls;

import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.config.Problem;
import dev.postern.config.tls.client.PemAttempts;
import dev.postern.config.tls.client.PemFile;
import dev.postern.net.HostName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// The TLS of the `auths` entry point.
public final class ServerTls {
  private static final String CERT_FILE = "entryPoints.auths.http.tls.certFile";
  private static final String KEY_FILE = "entryPoints.auths.http.tls.keyFile";

  private final SSLContext context;
  private final ReloadingKeyManager keys;

  private ServerTls(SSLContext context, ReloadingKeyManager keys) {
    this.context = context;
    this.keys = keys;
  }

  /// Sets up TLS with the configured certificate, or with a self-made one.
  ///
  /// @param config the certificate's files, or the names of a self-made one
  /// @param stateDirectory where a self-made one is stored
  /// @param clock the wall clock
  /// @throws IOException if the files cannot be used, with a message that names them
  public static ServerTls of(Tls config, Path stateDirectory, Clock clock) throws IOException {
    Path certFile = config.certFile();
    Path keyFile = config.keyFile();
    ReloadingKeyManager keys =
        certFile != null && keyFile != null
            ? ReloadingKeyManager.of(
                new PemFile(CERT_FILE, certFile), new PemFile(KEY_FILE, keyFile))
            : ReloadingKeyManager.of(
                new SelfMadeCertificate(stateDirectory, clock)
                    .get(names(config.domains()), machine()));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {keys},
          ClientCertificates.trust(config.clientAuth()),
          new SecureRandom());
      return new ServerTls(context, keys);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /// Checks the files that [#of] would read.
  ///
  /// @return all problems; empty if the files can be used
  public static List<Problem> problems(Tls config) {
    PemAttempts attempts = new PemAttempts();
    Path certFile = config.certFile();
    Path keyFile = config.keyFile();
    if (certFile != null && keyFile != null) {
      PemFile cert = new PemFile(CERT_FILE, certFile);
      PemFile key = new PemFile(KEY_FILE, keyFile);
      attempts.attempt(cert::certificates);
      attempts.attempt(key::privateKey);
      attempts.attempt(() -> KeyMaterial.read(cert, key));
    }
    if (config.clientAuth().clientAuthType().verifies()) {
      for (Path file : config.clientAuth().caFiles()) {
        attempts.attempt(() -> new PemFile(ClientCertificates.CA_FILES, file).certificates());
      }
    }
    return attempts.problems();
  }

  /// The context for all handshakes of the entry point.
  public SSLContext context() {
    return context;
  }

  /// The current certificate of the server, the first of its chain.
  public X509Certificate certificate() {
    return keys.certificate();
  }

  /// Reads the configured certificate's files now. If they cannot be used, the current certificate
  /// stays.
  ///
  /// @throws IOException if they cannot be used, with a message that names the key and the file
  public void reload() throws IOException {
    keys.reload();
  }

  /// Checks whether the configured certificate's files have changed; later handshakes use the new
  /// certificate. Must be called periodically.
  public void look() {
    keys.reloadIfChanged();
  }

  /// The names under which Traefik may reach Postern.
  private static List<String> names(List<String> domains) {
    Set<String> names = new LinkedHashSet<>(List.of("postern", "localhost", "127.0.0.1", "::1"));
    names.addAll(domains);
    return List.copyOf(names);
  }

  private static List<String> machine() {
    try {
      // A machine's own name may be invalid as a DNS name, so parse it.
      return HostName.of(InetAddress.getLocalHost().getHostName()).map(HostName::text).stream()
          .toList();
    } catch (UnknownHostException e) {
      // A machine that cannot resolve its own name is not reached by it either.
      return List.of();
    }
  }
}
