package dev.postern.config.tls.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.key.Unreadable;
import dev.postern.config.key.Words;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A file of certificates or of a private key (RFC 7468).
///
/// @param key the configuration key that names the file; each message begins with it
public record PemFile(String key, Path path) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /// A private key in any format.
  private static final Pattern ANY_KEY = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----");

  private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
  private static final String NO_CERTIFICATE = "no PEM certificate (BEGIN CERTIFICATE)";
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  /// Reads an unencrypted PKCS #8 key.
  ///
  /// @throws PemException if the file cannot be read or contains no such key
  public PrivateKey privateKey() throws PemException {
    String text = new String(read(), ISO_8859_1);
    Matcher matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw noKey(text);
    }
    PKCS8EncodedKeySpec encoded;
    try {
      encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    } catch (IllegalArgumentException e) {
      throw unusable("the private key is damaged: " + e.getMessage());
    }
    for (String algorithm : ALGORITHMS) {
      PrivateKey found = tryKey(algorithm, encoded);
      if (found != null) {
        return found;
      }
    }
    throw unusable("the private key is not EC, RSA or EdDSA");
  }

  private PemException noKey(String text) {
    return text.contains(CERTIFICATE) && !ANY_KEY.matcher(text).find()
        ? unusable(
            "it contains a certificate instead of a private key (BEGIN PRIVATE KEY); set the key"
                + " file here")
        : unusable(
            "no PKCS #8 private key (BEGIN PRIVATE KEY); convert other forms with"
                + " openssl pkcs8 -topk8 -nocrypt");
  }

  /// Reads certificates.
  ///
  /// @return all certificates in order, at least one
  /// @throws PemException if the file cannot be read or contains none
  public List<X509Certificate> certificates() throws PemException {
    byte[] content = read();
    List<X509Certificate> certificates;
    try {
      certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(content))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (GeneralSecurityException e) {
      throw noCertificate(new String(content, ISO_8859_1), e);
    }
    if (certificates.isEmpty()) {
      throw unusable(NO_CERTIFICATE);
    }
    return certificates;
  }

  private PemException noCertificate(String text, GeneralSecurityException why) {
    if (ANY_KEY.matcher(text).find()) {
      return unusable(
          "it contains a private key, but must contain only certificates (BEGIN CERTIFICATE); set"
              + " the certificate file here");
    }
    return unusable(
        text.contains(CERTIFICATE)
            ? "it contains no readable PEM certificate: "
                + Words.printable(String.valueOf(why.getMessage()))
            : NO_CERTIFICATE);
  }

  private byte[] read() throws PemException {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new PemException(key, path + " cannot be read: " + Unreadable.whyProvided(e));
    }
  }

  private PemException unusable(String reason) {
    return new PemException(key, path + ": " + reason);
  }

  private static @Nullable PrivateKey tryKey(String algorithm, PKCS8EncodedKeySpec encoded) {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
    } catch (GeneralSecurityException notOfThisKind) {
      return null;
    }
  }
}
