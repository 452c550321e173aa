package dev.postern.config.tls.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Verifies certificates as the JDK does, but also accepts server names that the JDK rejects.
///
/// The JDK never matches a server name that `SNIHostName` does not accept, such as
/// `authentik_server`. For such names the JDK verifies the chain and this class compares the name,
/// by the rules of RFC 6125 as Go applies them: only subject alternative names count, and `*`
/// stands for exactly one whole first label.
final class AnyNameTrust extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;

  private final X509ExtendedTrustManager jdk;

  /// @param jdk verifies chains, and the names that it accepts
  AnyNameTrust(X509ExtendedTrustManager jdk) {
    this.jdk = jdk;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    if (socket instanceof SSLSocket tls && isOurs(tls.getHandshakeSession(), algorithm(tls))) {
      jdk.checkServerTrusted(chain, type);
      checkName(chain[0], tls.getHandshakeSession().getPeerHost());
    } else {
      jdk.checkServerTrusted(chain, type, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    String algorithm = engine.getSSLParameters().getEndpointIdentificationAlgorithm();
    if (isOurs(engine.getHandshakeSession(), algorithm)) {
      jdk.checkServerTrusted(chain, type);
      checkName(chain[0], engine.getHandshakeSession().getPeerHost());
    } else {
      jdk.checkServerTrusted(chain, type, engine);
    }
  }

  private static @Nullable String algorithm(SSLSocket socket) {
    return socket.getSSLParameters().getEndpointIdentificationAlgorithm();
  }

  private static boolean isOurs(@Nullable SSLSession session, @Nullable String algorithm) {
    if (session == null || !"HTTPS".equalsIgnoreCase(algorithm)) {
      return false;
    }
    String name = session.getPeerHost();
    return name != null && name.indexOf('_') >= 0 && !isKnownToTheJdk(name);
  }

  private static boolean isKnownToTheJdk(String name) {
    try {
      SNIHostName _ = new SNIHostName(name);
      return true;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  private static void checkName(X509Certificate certificate, String name)
      throws CertificateException {
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        if (alternative.get(0).equals(DNS_NAME) && matches((String) alternative.get(1), name)) {
          return;
        }
      }
    }
    throw new CertificateException("No subject alternative DNS name matching " + name + " found.");
  }

  /// @param pattern a name in a certificate
  /// @param name the expected server name
  static boolean matches(String pattern, String name) {
    String lower = pattern.toLowerCase(Locale.ROOT);
    String wanted = name.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("*.")) {
      return lower.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return dot > 0 && lower.substring(1).equals(wanted.substring(dot));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    jdk.checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    jdk.checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    jdk.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    jdk.checkClientTrusted(chain, type, engine);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return jdk.getAcceptedIssuers();
  }
}
