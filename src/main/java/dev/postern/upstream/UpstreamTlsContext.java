package dev.postern.upstream;

import dev.postern.config.UpstreamConfig;
import dev.postern.config.UpstreamConfig.UpstreamTls;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.ssl.XnioSsl;

/// TLS towards the upstream.
public final class UpstreamTlsContext {
  private final SSLContext context;
  private final String serverName;
  private final boolean checksName;

  private UpstreamTlsContext(SSLContext context, String serverName, boolean checksName) {
    this.context = context;
    this.serverName = serverName;
    this.checksName = checksName;
  }

  /// Reads the certificates that the configuration names.
  ///
  /// @param config the upstream
  /// @return the context, or null for a plain upstream
  /// @throws IOException if a file cannot be read, with a message that names it
  public static @Nullable UpstreamTlsContext of(UpstreamConfig config) throws IOException {
    if (!"https".equals(config.url().getScheme())) {
      return null;
    }
    UpstreamTls tls = config.tls();
    String serverName = tls.serverName() == null ? config.url().getHost() : tls.serverName();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(tls), trust(tls), new SecureRandom());
      return new UpstreamTlsContext(context, serverName, !tls.insecureSkipVerify());
    } catch (GeneralSecurityException e) {
      throw new IOException("upstream.tls: " + e.getMessage(), e);
    }
  }

  XnioSsl xnioSsl(IoWorker io) {
    return new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY, io.buffers(), context);
  }

  String serverName() {
    return serverName;
  }

  boolean checksName() {
    return checksName;
  }

  private static KeyManager @Nullable [] keys(UpstreamTls tls)
      throws IOException, GeneralSecurityException {
    Path certFile = tls.cert();
    Path keyFile = tls.key();
    if (certFile == null || keyFile == null) {
      return null;
    }
    Collection<? extends Certificate> chain = certificates("upstream.tls.cert", certFile);
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "client", Pem.privateKey(keyFile), new char[0], chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static TrustManager @Nullable [] trust(UpstreamTls tls)
      throws IOException, GeneralSecurityException {
    if (tls.insecureSkipVerify()) {
      return new TrustManager[] {new TrustAnyone()};
    }
    Path ca = tls.ca();
    if (ca == null) {
      return null;
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate certificate : certificates("upstream.tls.ca", ca)) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static Collection<? extends Certificate> certificates(String key, Path file)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException(key + ": no PEM certificate in " + file);
      }
      return certificates;
    }
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /// What `insecureSkipVerify` asks for.
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
