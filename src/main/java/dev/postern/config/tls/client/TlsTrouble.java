package dev.postern.config.tls.client;

import dev.postern.config.key.Words;
import java.io.EOFException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// Explains to operators why a TLS handshake failed.
public final class TlsTrouble {
  private static final int CHAIN_LENGTH = 10;

  /// The JDK's message when the peer has sent a fatal alert.
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  /// The JDK's message when the peer does not use TLS.
  private static final Pattern NO_TLS =
      Pattern.compile("(?i)un(recognized|supported).* SSL message|plaintext connection");

  /// The JDK's message when the certificate is for another name.
  private static final Pattern NAME = Pattern.compile("^No (subject alternative|name matching)");

  private TlsTrouble() {}

  /// The reason and the fix.
  ///
  /// @param why the exception from the client's handshake
  /// @param section the configuration section with `ca`, `serverName` and so on
  /// @param url the key of the URL that was connected to
  /// @return the end of a sentence, on one line
  public static String clause(SSLException why, String section, String url) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = why; t != null && chain.size() < CHAIN_LENGTH; t = t.getCause()) {
      chain.addFirst(t);
    }
    for (Throwable t : chain) {
      String clause = known(t, section, url);
      if (!clause.isEmpty()) {
        return clause;
      }
    }
    return "%s; check %s and the scheme of %s".formatted(text(why), section, url);
  }

  /// Returns empty for an unknown reason.
  private static String known(Throwable why, String section, String url) {
    String message = text(why);
    return switch (why) {
      case CertificateExpiredException _ ->
          "its certificate has expired (%s); renew it, or check the clock".formatted(message);
      case CertificateNotYetValidException _ ->
          "its certificate is not valid yet (%s); check the clock".formatted(message);
      case CertPathBuilderException _ ->
          "its certificate is not signed by a trusted CA; set the CA or the certificate itself in %1$s.ca, or set %1$s.insecureSkipVerify"
              .formatted(section);
      case CertificateException _ when NAME.matcher(message).find() ->
          "its certificate is for another name (%1$s); set %2$s.serverName, or the host of %3$s, to a name in the certificate"
              .formatted(message, section, url);
      case EOFException _ ->
          "it closes the connection during the handshake; check whether the scheme and port of %s use TLS"
              .formatted(url);
      case SSLException _ -> ofAlert(message, section, url);
      default -> "";
    };
  }

  private static String ofAlert(String message, String section, String url) {
    if (NO_TLS.matcher(message).find()) {
      return "it does not use TLS; write http:// in %s, or set its TLS port".formatted(url);
    }
    Matcher alert = ALERT.matcher(message);
    if (!alert.find()) {
      return "";
    }
    return switch (alert.group(1)) {
      case "certificate_required", "bad_certificate", "unknown_ca", "certificate_unknown" ->
          "it requires a client certificate that it trusts (%1$s); set %2$s.cert and %2$s.key"
              .formatted(alert.group(1), section);
      case "unrecognized_name" ->
          "it does not know the requested server name; set the right one in %s.serverName"
              .formatted(section);
      case String other -> "it aborts the handshake (%s); see its log".formatted(other);
    };
  }

  private static String text(Throwable why) {
    return Words.printable(String.valueOf(why.getMessage()));
  }
}
