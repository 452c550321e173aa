package dev.postern.upstream.probe;

import dev.postern.config.key.Words;
import dev.postern.config.tls.client.TlsTrouble;
import dev.postern.net.Endpoint;
import dev.postern.upstream.wire.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// What is wrong with an upstream; each message ends a sentence and includes the fix.
///
/// @param url `upstream.url`
/// @param path the path that was requested
record ProbeMessages(Endpoint url, String path) {
  /// Postern's status for its own requests that come back to it.
  private static final int LOOP = 508;

  private static final String SPEAKS_TLS =
      "it speaks TLS; write https:// in upstream.url, or use its port without TLS";

  /// What Go's and nginx's servers answer to plain HTTP on a TLS port.
  private static final Pattern EXPECTS_TLS =
      Pattern.compile("HTTP request (was sent )?to (an )?HTTPS (server|port)");

  /// The message if there is no response.
  String broken(IOException why) {
    return switch (why) {
      case UnknownHostException _ when url.host().zone() != null ->
          url.host().unknownHere() + "; check the zone of the address in upstream.url";
      case UnknownHostException _ ->
          "the name %s cannot be resolved here; check upstream.url, and that Postern's network has this name"
              .formatted(Words.printable(url.host().text()));
      case ConnectException _ ->
          "it refuses connections; check that it is running (authentik takes minutes to start), and"
              + " the host and port of upstream.url";
      case NoRouteToHostException _ ->
          "there is no route to it; check upstream.url and the network";
      case SocketTimeoutException _ ->
          "it does not answer in time; check whether it hangs, upstream.url, and the network in"
              + " between";
      case SSLException tls ->
          "TLS fails, " + TlsTrouble.clause(tls, "upstream.tls", "upstream.url");
      case MalformedException malformed when malformed.isTls() -> SPEAKS_TLS;
      case MalformedException _ ->
          "it does not speak HTTP; check the scheme and port of upstream.url";
      case EOFException _ ->
          "it closes the connection without a response; check the scheme and port of upstream.url";
      case IOException other ->
          "the connection fails (%s); check the scheme and port of upstream.url"
              .formatted(Words.printable(String.valueOf(other.getMessage())));
    };
  }

  /// The message for a response.
  ///
  /// @param text the beginning of its body, as far as it was read
  /// @return empty if it is what an outpost responds with
  Optional<String> answered(int status, String text) {
    return status == 400 && EXPECTS_TLS.matcher(text).find()
        ? Optional.of(SPEAKS_TLS)
        : refusal(status);
  }

  private Optional<String> refusal(int status) {
    if (status >= 200 && status < 300) {
      return Optional.empty();
    }
    if (status == LOOP) {
      return Optional.of("upstream.url leads back to Postern; it must point to the outpost");
    }
    return Optional.of(
        status >= 500
            ? "it answers %s with %d, as during its start; if that does not stop, see its log"
                .formatted(path, status)
            : "it answers %s with %d, so it is not an outpost; check that upstream.url points to authentik's server or directly to a standalone outpost"
                .formatted(path, status));
  }
}
