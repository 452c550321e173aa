package dev.postern.server;

import dev.postern.config.tls.client.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate chain and its private key.
///
/// @param chain the certificates, the server's own first
/// @param key the private key of the first
record KeyMaterial(List<X509Certificate> chain, PrivateKey key) {
  KeyMaterial {
    chain = List.copyOf(chain);
  }

  /// Reads two PEM files.
  ///
  /// @throws IOException if they cannot be read or do not belong together, with a message that
  ///   names the file
  static KeyMaterial read(Path certFile, Path keyFile) throws IOException {
    KeyMaterial material = new KeyMaterial(chain(certFile), Pem.privateKey(keyFile));
    if (!material.belongsTogether()) {
      throw new IOException(keyFile + " is not the private key of the certificate in " + certFile);
    }
    return material;
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  private static List<X509Certificate> chain(Path file) throws IOException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Pem.read(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new IOException(file + ": no PEM certificate (BEGIN CERTIFICATE)");
      }
      return chain;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": not a PEM certificate: " + e.getMessage(), e);
    }
  }

  /// Signs something with the key and checks it with the certificate.
  private boolean belongsTogether() {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          case String other -> other;
        };
    byte[] probe = "postern".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(probe);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate().getPublicKey());
      verifier.update(probe);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
