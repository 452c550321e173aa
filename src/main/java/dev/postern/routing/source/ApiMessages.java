package dev.postern.routing.source;

import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Words;
import dev.postern.config.tls.client.TlsTrouble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/// Messages for the operator about an API that cannot be read.
record ApiMessages(ApiTarget target) {

  /// There is no usable response.
  ///
  /// @param path the requested path
  /// @param why the failure
  ApiFailure broken(String path, IOException why) {
    String at = target.place();
    String endpoint = target.section() + ".endpoint";
    String sentence =
        switch (why) {
          case BadResponse bad -> bad(path, bad.kind());
          case UnknownHostException _ when target.endpoint().host().zone() != null ->
              target.endpoint().host().unknownHere()
                  + "; check the zone of the address in "
                  + endpoint;
          case UnknownHostException _ ->
              "the name in " + endpoint + " is unknown: " + target.endpoint().host();
          case ConnectException _ ->
              at + " refuses connections; check " + endpoint + " and that " + runs();
          case NoRouteToHostException _ ->
              "there is no network route to " + at + "; check " + endpoint + " and the network";
          case SocketTimeoutException _ ->
              "%s sends no complete response within %s (%s.pollTimeout); check that %s"
                  .formatted(at, GoDuration.text(target.timeout()), target.section(), runs());
          case SSLException tls ->
              "TLS with %s fails, %s"
                  .formatted(at, TlsTrouble.clause(tls, target.section() + ".tls", endpoint));
          case IOException other ->
              "the connection to %s broke: %s; check that %s"
                  .formatted(at, other.getMessage(), runs());
        };
    return new ApiFailure(sentence, why);
  }

  private String runs() {
    return target.system() + " runs";
  }

  private String bad(String path, BadResponse.Kind kind) {
    return switch (kind) {
      case NOTHING ->
          target.place()
              + " closes the connection without a response; check the scheme of "
              + target.section()
              + ".endpoint";
      case CUT_OFF ->
          responseTo(path)
              + " is incomplete; "
              + target.system()
              + " or a proxy in between cuts it off";
      case TOO_LONG ->
          responseTo(path)
              + " is longer than "
              + ApiClient.MAX_PAGE_BYTES / 1024 / 1024
              + " MiB, which no list should be; "
              + target.advice().absent();
      case NOT_HTTP ->
          responseTo(path)
              + " is not HTTP/1.1; check the scheme of "
              + target.section()
              + ".endpoint";
    };
  }

  private String responseTo(String path) {
    return "the response of " + target.place() + " to " + path;
  }

  /// The response has another status than 200.
  ///
  /// @param path the requested path
  /// @param location its `Location`, or empty
  ApiFailure refused(String path, int status, String location) {
    String response = target.system() + " answers " + path + " with " + status;
    return new ApiFailure(
        switch (status) {
          case 401, 403 ->
              "%s refuses the credentials for %s (%d); %s"
                  .formatted(target.system(), path, status, target.advice().refused());
          case 301, 302, 303, 307, 308 ->
              "%s, a redirect to %s, which is not followed; set %s.endpoint to that address if it is the API's, otherwise %s"
                  .formatted(
                      response, Words.origin(location), target.section(), target.advice().absent());
          case 404 -> response + "; " + target.advice().absent();
          default ->
              status >= 500
                  ? response + "; see its log"
                  : response + " instead of a list; " + target.advice().absent();
        });
  }

  /// The response is not JSON.
  ///
  /// @param path the requested path
  /// @param found what it is instead
  ApiFailure notJson(String path, String found) {
    return new ApiFailure(responseTo(path) + " is " + found + "; " + target.advice().absent());
  }

  /// A list that does not end, or changes all the time.
  ///
  /// @param path the requested path
  /// @param what completes the sentence "the list …"
  ApiFailure endless(String path, String what) {
    return new ApiFailure(
        "the list of " + target.place() + " at " + path + " " + what + "; Postern tries again");
  }
}
