package dev.postern.config.tls.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.key.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Private keys in PEM files (RFC 7468).
public final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private Pem() {}

  /// Reads an unencrypted PKCS #8 key.
  ///
  /// @param file the file
  /// @return the key
  /// @throws IOException if the file cannot be read or holds none, with a message that names it and
  ///   the way out
  public static PrivateKey privateKey(Path file) throws IOException {
    Matcher matcher = KEY.matcher(new String(read(file), ISO_8859_1));
    if (!matcher.find()) {
      throw new IOException(
          file
              + ": no PKCS #8 private key (BEGIN PRIVATE KEY); convert other forms with"
              + " openssl pkcs8 -topk8 -nocrypt");
    }
    PKCS8EncodedKeySpec encoded;
    try {
      encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": the private key is damaged: " + e.getMessage(), e);
    }
    for (String algorithm : ALGORITHMS) {
      PrivateKey key = tryKey(algorithm, encoded);
      if (key != null) {
        return key;
      }
    }
    throw new IOException(file + ": the private key is not EC, RSA or EdDSA");
  }

  /// Reads a PEM file.
  ///
  /// @param file the file
  /// @return its bytes
  /// @throws IOException if it cannot be read, with a message that names it and the way out
  public static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + Unreadable.whyProvided(e), e);
    }
  }

  private static @Nullable PrivateKey tryKey(String algorithm, PKCS8EncodedKeySpec encoded) {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
    } catch (GeneralSecurityException notOfThisKind) {
      return null;
    }
  }
}
