package dev.postern.config.tls.client;

import dev.postern.config.Problem;
import dev.postern.config.tls.ClientTls;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Creates TLS contexts from the configuration.
public final class ClientTlsContext {
  private ClientTlsContext() {}

  /// Reads the configured certificates.
  ///
  /// @param section the configuration's section, for messages
  /// @throws IOException if a file cannot be read, with a message that names it
  public static SSLContext of(String section, ClientTls tls) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(section, tls), trust(section, tls), new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(section + ": " + e.getMessage(), e);
    }
  }

  /// Checks the files that [#of] would read.
  ///
  /// @param section the configuration's section, for messages
  /// @return all problems; empty when the files can be used
  public static List<Problem> problems(String section, ClientTls tls) {
    PemAttempts attempts = new PemAttempts();
    Path cert = tls.cert();
    Path key = tls.key();
    if (cert != null && key != null) {
      attempts.attempt(() -> new PemFile(section + ".cert", cert).certificates());
      attempts.attempt(() -> new PemFile(section + ".key", key).privateKey());
    }
    Path ca = tls.ca();
    if (ca != null && !tls.insecureSkipVerify()) {
      attempts.attempt(() -> new PemFile(section + ".ca", ca).certificates());
    }
    attempts.attempt(() -> of(section, tls));
    return attempts.problems();
  }

  private static KeyManager @Nullable [] keys(String section, ClientTls tls)
      throws IOException, GeneralSecurityException {
    Path certFile = tls.cert();
    Path keyFile = tls.key();
    if (certFile == null || keyFile == null) {
      return null;
    }
    List<X509Certificate> chain = new PemFile(section + ".cert", certFile).certificates();
    PrivateKey key = new PemFile(section + ".key", keyFile).privateKey();
    KeyStore store = emptyStore();
    store.setKeyEntry("client", key, new char[0], chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trust(String section, ClientTls tls)
      throws IOException, GeneralSecurityException {
    if (tls.insecureSkipVerify()) {
      return new TrustManager[] {new TrustAll()};
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    Path ca = tls.ca();
    factory.init(ca == null ? null : store(section, ca));
    return Stream.of(factory.getTrustManagers())
        .map(manager ->
            manager instanceof X509ExtendedTrustManager x509 ? new AnyNameTrust(x509) : manager)
        .toArray(TrustManager[]::new);
  }

  private static KeyStore store(String section, Path ca)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate certificate : new PemFile(section + ".ca", ca).certificates()) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    return store;
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /// Implements `insecureSkipVerify`.
  private static final class TrustAll extends X509ExtendedTrustManager {
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
