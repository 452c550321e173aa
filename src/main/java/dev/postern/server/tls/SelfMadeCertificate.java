package dev.postern.server.tls;

import dev.postern.config.tls.client.PemFile;
import dev.postern.net.HostName;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;

/// A self-signed certificate for an entry point without a configured one. It is created once and
/// stored, so that Traefik can be configured to trust its file.
final class SelfMadeCertificate {
  static final String CERTIFICATE_FILE = "postern.crt";
  static final String KEY_FILE = "postern.key";

  /// The configuration key of the directory.
  private static final String DIRECTORY = "stateDirectory";

  private static final Logger LOG = LoggerFactory.getLogger(SelfMadeCertificate.class);
  private static final int VALID_DAYS = 3650;
  private static final int RENEW_DAYS = 30;

  private final Path directory;
  private final Clock clock;

  /// @param directory where the certificate and its key are stored
  /// @param clock decides when it must be renewed
  SelfMadeCertificate(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// Reads the stored certificate, or creates a new one.
  ///
  /// @param names DNS names and addresses that it must contain
  /// @param machine the machine's own names, which a new certificate also contains. A stored one
  ///   may lack them: a recreated container has a new name, and Traefik trusts the certificate that
  ///   it knows.
  /// @throws IOException if none can be created
  KeyMaterial get(List<String> names, List<String> machine) throws IOException {
    Path certFile = directory.resolve(CERTIFICATE_FILE);
    Path keyFile = directory.resolve(KEY_FILE);
    if (Files.exists(certFile)) {
      try {
        KeyMaterial stored =
            KeyMaterial.read(new PemFile(DIRECTORY, certFile), new PemFile(DIRECTORY, keyFile));
        if (isGoodFor(stored.certificate(), names)) {
          return stored;
        }
        LOG.info("The self-made certificate expires soon or lacks a name; creating a new one");
      } catch (IOException e) {
        LOG.warn(
            "The self-made certificate cannot be used; creating a new one: {}", e.getMessage());
      }
    }
    KeyMaterial created =
        create(
            Stream.concat(names.stream(), machine.stream())
                .map(SelfMadeCertificate::normal)
                .distinct()
                .toList());
    store(created, certFile, keyFile);
    return created;
  }

  private boolean isGoodFor(X509Certificate certificate, List<String> names) throws IOException {
    Instant needed = clock.instant().plus(RENEW_DAYS, ChronoUnit.DAYS);
    return certificate.getNotAfter().toInstant().isAfter(needed)
        && namesOf(certificate)
            .containsAll(names.stream().map(SelfMadeCertificate::normal).toList());
  }

  private static Set<String> namesOf(X509Certificate certificate) throws IOException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Set.of()
          : names.stream()
              .map(name -> normal(String.valueOf(name.get(1))))
              .collect(Collectors.toSet());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /// Normalizes a name as it appears in a certificate: lower case, without a final dot and without
  /// a zone.
  private static String normal(String name) {
    return HostName.of(name)
        .map(host ->
            host.isAddress()
                ? InetAddress.ofLiteral(host.certificateName()).getHostAddress()
                : host.certificateName())
        .orElseGet(() -> wildcard(name));
  }

  private static String wildcard(String name) {
    String whole = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return whole.toLowerCase(Locale.ROOT);
  }

  private KeyMaterial create(List<String> names) throws IOException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    X500Principal subject = new X500Principal("CN=postern");
    List<GeneralName> alternatives = new ArrayList<>();
    for (String name : names) {
      boolean isAddress = HostName.of(name).filter(HostName::isAddress).isPresent();
      alternatives.add(
          isAddress
              ? new GeneralName.IPAddress(InetAddress.ofLiteral(name).getAddress())
              : new GeneralName.DNSName(name));
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X509Certificate certificate =
          new X509CertificateBuilder()
              .setSubjectDn(subject)
              .setIssuerDn(subject)
              .setSerialNumber(new java.math.BigInteger(127, new java.security.SecureRandom()))
              .setNotValidBefore(now.minus(1, ChronoUnit.DAYS).atZone(ZoneOffset.UTC))
              .setNotValidAfter(now.plus(VALID_DAYS, ChronoUnit.DAYS).atZone(ZoneOffset.UTC))
              .setPublicKey(pair.getPublic())
              .setSigningKey(pair.getPrivate())
              .setSignatureAlgorithmName("SHA256withECDSA")
              .addExtension(new SubjectAlternativeNamesExtension(false, alternatives))
              // It is its own CA, so that it can be used as `tls.ca`.
              .addExtension(new BasicConstraintsExtension(true, true, 0))
              .build();
      return new KeyMaterial(List.of(certificate), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IOException("the self-made certificate cannot be created: " + e.getMessage(), e);
    }
  }

  private void store(KeyMaterial created, Path certFile, Path keyFile) {
    try {
      Files.createDirectories(directory);
      write(keyFile, "PRIVATE KEY", created.key().getEncoded(), "rw-------");
      write(certFile, "CERTIFICATE", created.certificate().getEncoded(), "rw-r--r--");
      LOG.info("Created a self-made certificate and stored it in {}", certFile);
    } catch (IOException | GeneralSecurityException e) {
      LOG.warn(
          "The self-made certificate is not stored and changes at each start, because"
              + " stateDirectory {} is not writable: {}",
          directory,
          e.toString());
    }
  }

  /// Writes a temporary file and renames it, so that readers never see a partial file.
  private void write(Path file, String label, byte[] content, String permissions)
      throws IOException {
    Path beside =
        Files.createTempFile(
            directory,
            ".postern",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        beside, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString(permissions));
    try {
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
