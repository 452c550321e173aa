package dev.postern.demo;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.idp.DemoIdentityProviderBuilder;
import java.net.URI;
import java.util.List;

/// The domain of the demo's hosts, and the identity provider that protects them: a catch-all for
/// the whole domain, and `vault` in it as an individual application.
///
/// @param login where browsers reach the login, scheme, host and port; its host without the first
///   label is the domain
public record DemoDomain(URI login) {
  private static final List<DemoUser> USERS =
      List.of(
          DemoUser.of(
                  "alice", "wonderland", "Alice Liddell", "alice@example.test", List.of("staff"))
              .withTotpSecret("JBSWY3DPEHPK3PXP"),
          DemoUser.of("bob", "builder", "Bob Bilder", "bob@example.test", List.of("guests"))
              .withTotpSecret("KRSXG5CTMVRXEZLU"));

  /// @throws IllegalArgumentException if the login's host is not in a domain; the message has the
  ///   fix
  public DemoDomain {
    // Browsers accept no cookies for a domain without a dot or for a part of an address.
    if (!login.getHost().matches("([a-z0-9-]+\\.){2,}[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          login.getHost()
              + " is in no domain that can contain other hosts; write a lower-case name such as"
              + " auth.postern.localhost");
    }
    // Browsers omit the default port, and hosts are compared with what they send.
    login = URI.create(login.toString().replaceFirst("^(http:.+):80$|^(https:.+):443$", "$1$2"));
  }

  /// The domain with the port that all its hosts have.
  ///
  /// @return `postern.localhost:8080` for `http://auth.postern.localhost:8080`
  public String authority() {
    return login.getAuthority().substring(login.getHost().indexOf('.') + 1);
  }

  /// The URL of a host of the domain.
  ///
  /// @param name its first label
  /// @return scheme, host and port
  public String url(String name) {
    return login.getScheme() + "://" + name + "." + authority();
  }

  /// The identity provider of the domain, with its users, its applications and a login that shows
  /// the passwords.
  ///
  /// @return a builder, to be started
  public DemoIdentityProviderBuilder identityProvider() {
    // The outpost compares host and port with the cookie domain, which therefore has a port.
    var builder =
        DemoIdentityProvider.builder()
            .coreUrl(login.toString())
            .showCredentials()
            .application(DemoApplication.individual("vault", url("vault")).withSecondFactor())
            .application(DemoApplication.catchAll("catch-all", login.toString(), authority()));
    USERS.forEach(builder::user);
    return builder;
  }

  /// The users who can sign in, with passwords and keys of their one-time codes.
  public static List<DemoUser> users() {
    return USERS;
  }
}
