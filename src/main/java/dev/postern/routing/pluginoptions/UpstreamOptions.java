package dev.postern.routing.pluginoptions;

import dev.postern.config.Problem;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.key.Words;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options for the connection to the identity provider: `address` and `tls`.
///
/// Checks of all routers share their connections, and a rules file must not decide whom Postern
/// trusts. So these options have no effect. They are compared with the static configuration; a
/// warning for a difference shows the lines to add there.
final class UpstreamOptions {
  private static final List<String> KEYS =
      List.of("ca", "cert", "key", "minVersion", "maxVersion", "insecureSkipVerify");

  /// The plugin's numbers of TLS versions: 10 is TLS 1.0.
  private static final int OLDEST = 10;

  private static final int NEWEST = 13;

  /// The oldest version that Java's TLS client offers, in the same numbers.
  private static final int OLDEST_OFFERED = 12;

  private final @Nullable UpstreamConfig upstream;
  private final List<Problem> problems;
  private final List<Problem> warnings;

  private UpstreamOptions(
      @Nullable UpstreamConfig upstream, List<Problem> problems, List<Problem> warnings) {
    this.upstream = upstream;
    this.problems = problems;
    this.warnings = warnings;
  }

  /// Checks these options of a block.
  ///
  /// @param upstream the static configuration, or null when none is loaded
  /// @param problems receives what the original plugin rejects, too
  /// @param warnings receives differences from the static configuration
  static void check(
      OptionValues values,
      @Nullable UpstreamConfig upstream,
      List<Problem> problems,
      List<Problem> warnings) {
    var options = new UpstreamOptions(upstream, problems, warnings);
    options.address(values);
    OptionValues tls = values.section("tls", KEYS, problems);
    options.files(tls);
    options.versions(tls);
    options.verification(tls);
  }

  private void address(OptionValues values) {
    String address = values.text("address", problems);
    if (address.isEmpty() || upstream == null) {
      return;
    }
    String otherwise =
        "; Postern calls upstream.url of the static configuration, " + upstream.url().origin();
    // The plugin appends its own path and query, and the user part is not compared.
    Endpoint named;
    try {
      named =
          Endpoint.of(address.strip().replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//"));
    } catch (IllegalArgumentException notAUrl) {
      warnings.add(new Problem(values.path("address"), "is not an http or https URL" + otherwise));
      return;
    }
    if (!named.isSameServerAs(upstream.url())) {
      warnings.add(
          new Problem(
              values.path("address"), Words.quote(named.origin()) + " is not used" + otherwise));
    }
  }

  private @Nullable ClientTls present() {
    return upstream == null ? null : upstream.tls();
  }

  private void files(OptionValues tls) {
    String cert = tls.text("cert", problems);
    String key = tls.text("key", problems);
    if (cert.isEmpty() != key.isEmpty()) {
      problems.add(
          new Problem(
              tls.path(cert.isEmpty() ? "cert" : "key"), "is missing; set both cert and key"));
    }
    ClientTls present = present();
    file(tls, "ca", tls.text("ca", problems), present == null ? null : present.ca());
    file(tls, "cert", cert, present == null ? null : present.cert());
    file(tls, "key", key, present == null ? null : present.key());
  }

  private void file(OptionValues tls, String key, String file, @Nullable Path present) {
    if (!file.isEmpty() && (present == null || !present.toString().equals(file))) {
      warnings.add(
          new Problem(
              tls.path(key),
              "is not read from rules, because all checks share connections; write in the static"
                  + " configuration: upstream: { tls: { "
                  + key
                  + ": "
                  + Words.quote(file)
                  + " } }"));
    }
  }

  private void versions(OptionValues tls) {
    int least = version(tls, "minVersion", OLDEST_OFFERED);
    int most = version(tls, "maxVersion", NEWEST);
    if (least > most) {
      problems.add(
          new Problem(tls.path("minVersion"), least + " is above maxVersion, which is " + most));
    } else if (least > OLDEST_OFFERED) {
      warnings.add(
          new Problem(
              tls.path("minVersion"),
              least
                  + " is not enforced: Postern offers TLS 1.2 and 1.3; configure the identity"
                  + " provider's own entry point to refuse TLS 1.2"));
    } else if (least < OLDEST_OFFERED) {
      warnings.add(
          new Problem(
              tls.path("minVersion"), least + " has no effect: Postern never uses TLS below 1.2"));
    }
    if (most < NEWEST) {
      warnings.add(
          new Problem(
              tls.path("maxVersion"),
              most
                  + " has no effect: Postern offers TLS 1.2 and 1.3; an identity provider without"
                  + " 1.3 selects 1.2"));
    }
  }

  private int version(OptionValues tls, String key, int standard) {
    Integer number = tls.number(key, problems);
    if (number == null || number == 0) {
      return standard;
    }
    if (number < OLDEST || number > NEWEST) {
      problems.add(
          new Problem(
              tls.path(key),
              number + " is not a version; write 10, 11, 12 or 13 for TLS 1.0 to 1.3"));
      return standard;
    }
    return number;
  }

  /// Trust settings are never read from rules.
  private void verification(OptionValues tls) {
    boolean isAsked = tls.flag("insecureSkipVerify", problems);
    ClientTls present = present();
    boolean isPresent = present != null && present.insecureSkipVerify();
    if (isAsked && !isPresent) {
      warnings.add(
          new Problem(
              tls.path("insecureSkipVerify"),
              "is not read from rules, which must not extend Postern's trust; set the certificate"
                  + " in the static configuration: upstream: { tls: { ca: \"/path/ca.pem\" } }, or"
                  + " as a last resort: upstream: { tls: { insecureSkipVerify: true } }"));
    } else if (isPresent && !isAsked && tls.has("insecureSkipVerify")) {
      warnings.add(
          new Problem(
              tls.path("insecureSkipVerify"),
              "is false here, but upstream.tls.insecureSkipVerify of the static configuration is"
                  + " true and applies; remove it there"));
    }
  }
}
