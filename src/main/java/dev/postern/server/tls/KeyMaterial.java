package dev.postern.server.tls;

import dev.postern.config.tls.client.PemException;
import dev.postern.config.tls.client.PemFile;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
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
  /// @throws PemException if they cannot be read or do not belong together
  static KeyMaterial read(PemFile cert, PemFile key) throws PemException {
    KeyMaterial material = new KeyMaterial(cert.certificates(), key.privateKey());
    if (!material.belongsTogether()) {
      throw new PemException(
          key.key(), key.path() + " is not the private key of the certificate in " + cert.path());
    }
    return material;
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /// Signs test data with the key and verifies it with the certificate.
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
