package dev.postern.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Offers one certificate, and the new one after its files have changed.
///
/// Files that cannot be used leave the present certificate in place.
final class ReloadingKeyManager extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingKeyManager.class);

  /// What tells one state of the files from another.
  private record Stamp(FileTime certTime, long certSize, FileTime keyTime, long keySize) {
    static Stamp of(Path certFile, Path keyFile) throws IOException {
      return new Stamp(
          Files.getLastModifiedTime(certFile),
          Files.size(certFile),
          Files.getLastModifiedTime(keyFile),
          Files.size(keyFile));
    }
  }

  /// A certificate and the alias that a handshake asks for it by. A handshake that has begun before
  /// a change gets the chain and the key of one and the same generation.
  private record Generation(String alias, KeyMaterial material, @Nullable Generation before) {
    static Generation first(KeyMaterial material) {
      return new Generation("postern-0", material, null);
    }

    Generation next(KeyMaterial changed) {
      int number = Integer.parseInt(alias.substring(alias.indexOf('-') + 1)) + 1;
      return new Generation("postern-" + number, changed, new Generation(alias, material, null));
    }

    KeyMaterial material(String wanted) {
      return before != null && before.alias.equals(wanted) ? before.material : material;
    }
  }

  private final @Nullable Path certFile;
  private final @Nullable Path keyFile;
  private volatile @Nullable Stamp stamp;
  private volatile Generation generation;

  private ReloadingKeyManager(
      @Nullable Path certFile,
      @Nullable Path keyFile,
      @Nullable Stamp stamp,
      KeyMaterial material) {
    this.certFile = certFile;
    this.keyFile = keyFile;
    this.stamp = stamp;
    this.generation = Generation.first(material);
  }

  /// Reads two files.
  static ReloadingKeyManager of(Path certFile, Path keyFile) throws IOException {
    // The stamp first: a change while reading is then seen as one.
    Stamp stamp = Stamp.of(certFile, keyFile);
    return new ReloadingKeyManager(certFile, keyFile, stamp, KeyMaterial.read(certFile, keyFile));
  }

  /// Offers what never changes.
  static ReloadingKeyManager of(KeyMaterial material) {
    return new ReloadingKeyManager(null, null, null, material);
  }

  /// Reads the files again if they have changed since they were last looked at.
  void look() {
    Path cert = certFile;
    Path key = keyFile;
    if (cert == null || key == null) {
      return;
    }
    try {
      Stamp present = Stamp.of(cert, key);
      if (!present.equals(stamp)) {
        stamp = present;
        generation = generation.next(KeyMaterial.read(cert, key));
        LOG.info("Read the certificate in {} again", cert);
      }
    } catch (IOException e) {
      LOG.warn("Keeping the present certificate: {}", e.getMessage());
    }
  }

  X509Certificate certificate() {
    return generation.material().certificate();
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return chosen(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return chosen(keyType);
  }

  private @Nullable String chosen(String keyType) {
    // Key types are those of JSSE's handshake: EC, RSA, RSASSA-PSS, EdDSA, EC_EC, ….
    Generation present = generation;
    String algorithm = present.material().key().getAlgorithm();
    return keyType.startsWith(algorithm) ? present.alias() : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return generation.material(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return generation.material(alias).key();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {generation.alias()};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
