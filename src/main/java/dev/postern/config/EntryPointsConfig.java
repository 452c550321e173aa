package dev.postern.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The three entry points; one that is absent is not opened.
///
/// @param auth forward-auth requests and outpost paths over plain HTTP/1.1
/// @param auths the same over TLS, with HTTP/2
/// @param admin metrics, ping and the API
public record EntryPointsConfig(
    @Nullable AuthEntryPoint auth, @Nullable AuthsEntryPoint auths, AdminEntryPoint admin) {

  /// The plain entry point.
  ///
  /// @param address where to listen
  /// @param forwardedHeaders who may send forward-auth requests
  /// @param lifeCycle how it ends
  public record AuthEntryPoint(
      ListenAddress address, ForwardedHeaders forwardedHeaders, LifeCycle lifeCycle) {}

  /// The TLS entry point.
  ///
  /// @param address where to listen
  /// @param forwardedHeaders who may send forward-auth requests
  /// @param lifeCycle how it ends
  /// @param tls the certificate
  public record AuthsEntryPoint(
      ListenAddress address, ForwardedHeaders forwardedHeaders, LifeCycle lifeCycle, Tls tls) {}

  /// The admin entry point.
  ///
  /// @param address where to listen; off loopback the API asks for a token
  public record AdminEntryPoint(ListenAddress address) {}

  /// Traefik's `forwardedHeaders` section.
  ///
  /// @param trustedIPs addresses and CIDR ranges of the peers that may send forward-auth requests;
  ///   empty means loopback and private ranges
  public record ForwardedHeaders(List<String> trustedIPs) {
    /// Copies the list.
    public ForwardedHeaders {
      trustedIPs = List.copyOf(trustedIPs);
    }
  }

  /// Traefik's `transport.lifeCycle` section.
  ///
  /// @param requestAcceptGraceTimeout how long connections are still accepted after the signal to
  ///   stop, while `/ping` already says that the instance is going away
  /// @param graceTimeOut how long requests may then take to finish
  public record LifeCycle(Duration requestAcceptGraceTimeout, Duration graceTimeOut) {}

  /// The certificate of the TLS entry point: both files, or neither for a self-made one.
  ///
  /// @param certFile PEM certificate chain
  /// @param keyFile PEM private key (PKCS #8)
  /// @param domains further DNS names and addresses of the self-made certificate
  /// @param clientAuth which clients are let in
  public record Tls(
      @Nullable Path certFile,
      @Nullable Path keyFile,
      List<String> domains,
      ClientAuth clientAuth) {
    /// Copies the list.
    public Tls {
      domains = List.copyOf(domains);
    }

    /// TLS that asks clients for nothing.
    ///
    /// @param certFile PEM certificate chain
    /// @param keyFile PEM private key (PKCS #8)
    /// @param domains further DNS names and addresses of the self-made certificate
    public Tls(@Nullable Path certFile, @Nullable Path keyFile, List<String> domains) {
      this(certFile, keyFile, domains, ClientAuth.NONE);
    }
  }

  /// Traefik's `clientAuth` section.
  ///
  /// @param caFiles PEM certificates of the authorities that client certificates are checked with
  /// @param clientAuthType what is asked of clients
  public record ClientAuth(List<Path> caFiles, ClientAuthType clientAuthType) {
    /// Nothing is asked.
    public static final ClientAuth NONE = new ClientAuth(List.of(), ClientAuthType.NO_CLIENT_CERT);

    /// Copies the list.
    public ClientAuth {
      caFiles = List.copyOf(caFiles);
    }
  }

  /// What is asked of clients, in Traefik's words.
  public enum ClientAuthType {
    /// no certificate is asked for
    NO_CLIENT_CERT("NoClientCert", false),
    /// one is asked for, none is needed, and it is not checked
    REQUEST_CLIENT_CERT("RequestClientCert", false),
    /// any is needed, and it is not checked
    REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert", false),
    /// one that is shown is checked
    VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven", true),
    /// one is needed, and it is checked
    REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert", true);

    private final String text;
    private final boolean verifies;

    ClientAuthType(String text, boolean verifies) {
      this.text = text;
      this.verifies = verifies;
    }

    /// The word of the configuration.
    ///
    /// @return Traefik's word
    public String text() {
      return text;
    }

    /// Whether certificates are checked with those of `caFiles`.
    ///
    /// @return whether authorities are needed
    public boolean verifies() {
      return verifies;
    }
  }
}
