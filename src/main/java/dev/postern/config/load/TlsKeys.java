package dev.postern.config.load;

import dev.postern.config.key.Key;
import dev.postern.config.key.Kinds;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The keys of a `tls` section, which configures how a server's certificate is verified.
///
/// @param url the key of the server's URL
record TlsKeys(
    Key<Endpoint> url,
    String section,
    Key<Path> ca,
    Key<Path> cert,
    Key<Path> key,
    Key<HostName> serverName,
    Key<Boolean> insecureSkipVerify) {

  /// The `tls` section that is a sibling of a URL key.
  ///
  /// @param url the key of the server's URL
  /// @param risk what accepting any certificate would allow an attacker, as a sentence
  static TlsKeys beside(Key<Endpoint> url, String risk) {
    String section = url.name().substring(0, url.name().lastIndexOf('.')) + ".tls";
    return new TlsKeys(
        url,
        section,
        Key.of(
                section + ".ca",
                Kinds.PATH,
                "",
                "PEM file of the CA certificates to trust instead of the system's.")
            .example("/certs/ca.crt"),
        Key.of(section + ".cert", Kinds.PATH, "", "PEM file of a client certificate.")
            .example("/certs/client.crt"),
        Key.of(section + ".key", Kinds.PATH, "", "PEM file of its private key (PKCS #8).")
            .example("/certs/client.key"),
        Key.of(
                section + ".serverName",
                Kinds.HOST_NAME,
                "",
                "Server name to send (SNI) and to verify instead of the URL's host.")
            .example("authentik.example.org"),
        Key.of(
            section + ".insecureSkipVerify",
            Kinds.BOOLEAN,
            "false",
            "Accepts any certificate; " + risk));
  }

  Stream<Key<?>> all() {
    return Stream.of(ca, cert, key, serverName, insecureSkipVerify);
  }

  /// Reads the section; reports it as a problem if the server's URL does not use TLS.
  ClientTls read(Settings settings, Endpoint server) {
    settings.together(cert, key);
    var tls =
        new ClientTls(
            settings.find(ca),
            settings.find(cert),
            settings.find(key),
            settings.find(serverName),
            settings.get(insecureSkipVerify));
    boolean isPlain = settings.setting(url) != null && !server.isTls();
    if (isPlain && !tls.equals(ClientTls.STANDARD)) {
      settings.problem(
          section,
          "is set, but " + url.name() + " uses no TLS; write https:// or remove the section");
    }
    return tls;
  }
}
