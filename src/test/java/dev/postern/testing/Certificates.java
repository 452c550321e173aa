package dev.postern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Certificates for tests, as PEM files, and clients that trust them.
public final class Certificates {
  private static final String PASSWORD = "changeit";

  /// A certificate and its private key.
  ///
  /// @param certPem PEM text of the certificate
  /// @param keyPem PEM text of the key (PKCS #8)
  public record Pair(X509Certificate certificate, String certPem, String keyPem) {}

  private Certificates() {}

  /// Makes a self-signed certificate for `localhost` with the JDK's `keytool`.
  ///
  /// @param directory for a temporary key store
  /// @param name common name, and the key store's file name
  /// @return the certificate and its key
  /// @throws IOException when `keytool` fails
  /// @throws GeneralSecurityException when its key store cannot be read
  public static Pair selfSigned(Path directory, String name)
      throws IOException, GeneralSecurityException {
    return selfSigned(directory, name, "dns:localhost,ip:127.0.0.1");
  }

  /// Makes a self-signed certificate with the JDK's `keytool`.
  ///
  /// @param directory for a temporary key store
  /// @param name common name, and the key store's file name
  /// @param alternatives the subject's alternative names, as `keytool -ext SAN=` takes them
  /// @return the certificate and its key
  /// @throws IOException when `keytool` fails
  /// @throws GeneralSecurityException when its key store cannot be read
  public static Pair selfSigned(Path directory, String name, String alternatives)
      throws IOException, GeneralSecurityException {
    Path file = directory.resolve(name + ".p12");
    keytool(file, name, alternatives);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    Certificate certificate = store.getCertificate("key");
    byte[] key = store.getKey("key", PASSWORD.toCharArray()).getEncoded();
    return new Pair(
        (X509Certificate) certificate,
        pem("CERTIFICATE", certificate.getEncoded()),
        pem("PRIVATE KEY", key));
  }

  /// A server context with a certificate.
  ///
  /// @param pair the certificate and its key
  /// @throws GeneralSecurityException when the platform lacks TLS
  /// @throws IOException never in practice
  public static SSLContext serving(Pair pair) throws GeneralSecurityException, IOException {
    byte[] der = Base64.getMimeDecoder().decode(pair.keyPem().replaceAll("-----[A-Z ]+-----", ""));
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("key", key, PASSWORD.toCharArray(), new Certificate[] {pair.certificate()});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  /// Reads the first certificate of a PEM file.
  ///
  /// @throws IOException when the file cannot be read
  /// @throws GeneralSecurityException when it contains no certificate
  public static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /// A client context that trusts one certificate only.
  ///
  /// @param trusted the certificate
  /// @throws GeneralSecurityException when the platform lacks TLS
  /// @throws IOException never in practice
  public static SSLContext trusting(X509Certificate trusted)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("trusted", trusted);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return context(factory.getTrustManagers());
  }

  /// A client context that accepts any certificate.
  ///
  /// @throws GeneralSecurityException when the platform lacks TLS
  public static SSLContext trustingAll() throws GeneralSecurityException {
    return context(
        new TrustManager[] {
          new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
              return new X509Certificate[0];
            }
          }
        });
  }

  private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
  }

  private static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type);
  }

  private static void keytool(Path file, String name, String alternatives) throws IOException {
    List<String> command =
        List.of(
            Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "keytool")
                .toString(),
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=" + alternatives,
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            file.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool failed: " + command);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
