package dev.postern.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The three entry points; an absent one is not opened.
///
/// @param auth forward-auth requests and outpost paths over plain HTTP/1.1
/// @param auths the same over TLS, with HTTP/2
/// @param admin metrics, ping and the API
public record EntryPointsConfig(
    @Nullable AuthEntryPoint auth, @Nullable AuthsEntryPoint auths, AdminEntryPoint admin) {

  /// The plain-text entry point for Traefik.
  ///
  /// @param forwardedHeaders which peers may send forward-auth requests
  public record AuthEntryPoint(
      ListenAddress address, ForwardedHeaders forwardedHeaders, LifeCycle lifeCycle) {}

  /// The TLS entry point for Traefik.
  ///
  /// @param forwardedHeaders which peers may send forward-auth requests
  public record AuthsEntryPoint(
      ListenAddress address, ForwardedHeaders forwardedHeaders, LifeCycle lifeCycle, Tls tls) {}

  /// The admin entry point.
  ///
  /// @param address where to listen; if it is not loopback, the API requires a token
  public record AdminEntryPoint(ListenAddress address) {}

  /// Traefik's `forwardedHeaders` section.
  ///
  /// @param trustedIPs addresses and CIDR ranges of the peers that may send forward-auth requests;
  ///   empty means loopback and private ranges
  public record ForwardedHeaders(List<String> trustedIPs) {
    public ForwardedHeaders {
      trustedIPs = List.copyOf(trustedIPs);
    }
  }

  /// Traefik's `transport.lifeCycle` section.
  ///
  /// @param requestAcceptGraceTimeout how long connections are still accepted after the stop
  ///   signal, while `/ping` already reports that the instance is stopping
  /// @param graceTimeOut how long running requests may take to finish after that
  public record LifeCycle(Duration requestAcceptGraceTimeout, Duration graceTimeOut) {}

  /// The certificate of the TLS entry point: both files, or neither for a self-signed one.
  ///
  /// @param certFile PEM certificate chain
  /// @param keyFile PEM private key (PKCS #8)
  /// @param domains additional DNS names and addresses in the self-signed certificate
  /// @param clientAuth whether clients need a certificate
  public record Tls(
      @Nullable Path certFile,
      @Nullable Path keyFile,
      List<String> domains,
      ClientAuth clientAuth) {
    public Tls {
      domains = List.copyOf(domains);
    }

    /// TLS without client certificates.
    ///
    /// @param certFile PEM certificate chain
    /// @param keyFile PEM private key (PKCS #8)
    /// @param domains additional DNS names and addresses in the self-signed certificate
    public Tls(@Nullable Path certFile, @Nullable Path keyFile, List<String> domains) {
      this(certFile, keyFile, domains, ClientAuth.NONE);
    }
  }

  /// Traefik's `clientAuth` section.
  ///
  /// @param caFiles PEM certificates of the CAs that client certificates must be signed by
  /// @param clientAuthType whether a client certificate is requested, required and verified
  public record ClientAuth(List<Path> caFiles, ClientAuthType clientAuthType) {
    /// Client certificates are not requested.
    public static final ClientAuth NONE = new ClientAuth(List.of(), ClientAuthType.NO_CLIENT_CERT);

    public ClientAuth {
      caFiles = List.copyOf(caFiles);
    }
  }

  /// Whether a client certificate is requested, required and verified, by Traefik's names.
  public enum ClientAuthType {
    /// no certificate is requested
    NO_CLIENT_CERT("NoClientCert", false),
    /// a certificate is requested, but neither required nor verified
    REQUEST_CLIENT_CERT("RequestClientCert", false),
    /// a certificate is required, but not verified
    REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert", false),
    /// a certificate is not required, but verified if there is one
    VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven", true),
    /// a certificate is required and verified
    REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert", true);

    private final String text;
    private final boolean verifies;

    ClientAuthType(String text, boolean verifies) {
      this.text = text;
      this.verifies = verifies;
    }

    /// Traefik's name of the type, as written in the configuration.
    public String text() {
      return text;
    }

    /// Whether certificates are verified against `caFiles`.
    public boolean verifies() {
      return verifies;
    }
  }
}
