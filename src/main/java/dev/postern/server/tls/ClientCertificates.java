package dev.postern.server.tls;

import dev.postern.config.EntryPointsConfig.ClientAuth;
import dev.postern.config.tls.client.PemFile;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Checks the certificates of clients.
final class ClientCertificates {
  static final String CA_FILES = "entryPoints.auths.http.tls.clientAuth.caFiles";

  private ClientCertificates() {}

  /// The trust managers for a configuration.
  ///
  /// @return the trust managers, or null if no client certificate is requested
  /// @throws IOException if a CA's file cannot be used, with a message that names it
  static TrustManager @Nullable [] trust(ClientAuth config)
      throws IOException, GeneralSecurityException {
    return switch (config.clientAuthType()) {
      case NO_CLIENT_CERT -> null;
      case REQUEST_CLIENT_CERT, REQUIRE_ANY_CLIENT_CERT -> new TrustManager[] {new Unchecked()};
      case VERIFY_CLIENT_CERT_IF_GIVEN, REQUIRE_AND_VERIFY_CLIENT_CERT -> checked(config);
    };
  }

  private static TrustManager[] checked(ClientAuth config)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (Path file : config.caFiles()) {
      for (Certificate certificate : new PemFile(CA_FILES, file).certificates()) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /// Accepts every certificate, as configured by the operator.
  private static final class Unchecked extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
