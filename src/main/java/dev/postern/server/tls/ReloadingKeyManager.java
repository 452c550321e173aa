package dev.postern.server.tls;

import dev.postern.config.tls.client.PemException;
import dev.postern.config.tls.client.PemFile;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Offers one certificate, and the new one after its files have changed.
///
/// If the new files cannot be used, the current certificate stays.
final class ReloadingKeyManager extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingKeyManager.class);

  /// The files of a certificate and its key.
  private record Pair(PemFile cert, PemFile key) {
    KeyMaterial read() throws PemException {
      return KeyMaterial.read(cert, key);
    }
  }

  /// Metadata by which a change of the files is detected.
  private record Stamp(FileTime certTime, long certSize, FileTime keyTime, long keySize) {
    /// @return null if a file is missing; reading it reports the error
    static @Nullable Stamp of(Pair files) {
      try {
        return new Stamp(
            Files.getLastModifiedTime(files.cert().path()),
            Files.size(files.cert().path()),
            Files.getLastModifiedTime(files.key().path()),
            Files.size(files.key().path()));
      } catch (IOException unreadable) {
        return null;
      }
    }
  }

  /// A certificate and the alias that identifies it during a handshake. A handshake that began
  /// before a change gets the chain and the key of the same generation.
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

  private final @Nullable Pair files;

  // Guarded by this.
  private @Nullable Stamp stamp;
  private @Nullable String problem;

  private volatile Generation generation;

  private ReloadingKeyManager(@Nullable Pair files, @Nullable Stamp stamp, KeyMaterial material) {
    this.files = files;
    this.stamp = stamp;
    this.generation = Generation.first(material);
  }

  /// Reads two files.
  static ReloadingKeyManager of(PemFile cert, PemFile key) throws PemException {
    Pair files = new Pair(cert, key);
    // Take the stamp first, so that a change during the reading is detected later.
    Stamp stamp = Stamp.of(files);
    return new ReloadingKeyManager(files, stamp, files.read());
  }

  /// A manager whose certificate never changes.
  static ReloadingKeyManager of(KeyMaterial material) {
    return new ReloadingKeyManager(null, null, material);
  }

  /// Reads the files again if they have changed since the last call, or if they could not be used
  /// then. The log reports an error only once.
  synchronized void reloadIfChanged() {
    if (files == null || (problem == null && Objects.equals(Stamp.of(files), stamp))) {
      return;
    }
    String before = problem;
    try {
      reload();
    } catch (PemException e) {
      if (!Objects.equals(before, problem)) {
        LOG.warn("Keeping the current certificate: {}", problem);
      }
    }
  }

  /// Reads the files again.
  ///
  /// @throws PemException if they cannot be used; the current certificate stays
  synchronized void reload() throws PemException {
    if (files == null) {
      return;
    }
    stamp = Stamp.of(files);
    try {
      KeyMaterial read = files.read();
      if (problem != null || !read.equals(generation.material())) {
        generation = generation.next(read);
        LOG.info("Reloaded the certificate in {}", files.cert().path());
      }
      problem = null;
    } catch (PemException e) {
      problem = e.getMessage();
      throw e;
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
