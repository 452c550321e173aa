package dev.postern.demo.core;

import java.time.Duration;

/// A proxy provider together with the application it is bound to, as the outpost's API lists it.
///
/// @param slug the application's slug, `X-authentik-meta-app`
/// @param name the provider's name, `X-authentik-meta-provider`
/// @param externalHost scheme, host and port under which browsers reach it
/// @param mode how the outpost protects it
/// @param cookieDomain the domain of the session cookie as stored, possibly empty
/// @param skipPathRegex newline-separated patterns of open paths
/// @param clientId the OAuth client; the cookie's name is made of it
/// @param accessTokenValidity life of a token and so of a session
/// @param interceptHeaderAuth whether a sign-out without session responds to `Authorization` with
///   401
/// @param basicAuth what the outpost forwards as `Authorization`
/// @param secondFactor whether login demands a one-time code
public record DemoApplication(
    String slug,
    String name,
    String externalHost,
    Mode mode,
    String cookieDomain,
    String skipPathRegex,
    String clientId,
    Duration accessTokenValidity,
    boolean interceptHeaderAuth,
    BasicAuth basicAuth,
    boolean secondFactor) {

  /// How the outpost protects an application.
  public enum Mode {
    /// one host
    FORWARD_SINGLE("forward_single"),
    /// every host under the cookie domain
    FORWARD_DOMAIN("forward_domain"),
    /// reverse proxying, where no forward-auth endpoint exists
    PROXY("proxy");

    private final String wireName;

    Mode(String wireName) {
      this.wireName = wireName;
    }

    /// The name in authentik's API.
    public String wireName() {
      return wireName;
    }
  }

  /// Which user attributes become the Basic `Authorization` header.
  ///
  /// @param enabled whether any does
  /// @param userAttribute names the attribute with the user name; the e-mail address otherwise
  /// @param passwordAttribute names the attribute with the password
  public record BasicAuth(boolean enabled, String userAttribute, String passwordAttribute) {}

  /// An application on a host of its own.
  ///
  /// @param slug slug, and part of name and client id
  /// @param externalHost scheme, host and port
  /// @return the application with one hour of session life
  public static DemoApplication individual(String slug, String externalHost) {
    return create(slug, externalHost, Mode.FORWARD_SINGLE, "");
  }

  /// An application for every host under a domain.
  ///
  /// @param slug slug, and part of name and client id
  /// @param externalHost where the callback lands
  /// @return the application with one hour of session life
  public static DemoApplication catchAll(String slug, String externalHost, String cookieDomain) {
    return create(slug, externalHost, Mode.FORWARD_DOMAIN, cookieDomain);
  }

  private static DemoApplication create(String slug, String host, Mode mode, String domain) {
    return new DemoApplication(
        slug,
        slug + " provider",
        host,
        mode,
        domain,
        "",
        "cid-" + slug,
        Duration.ofHours(1),
        true,
        new BasicAuth(false, "", ""),
        false);
  }

  /// The same with another provider name.
  ///
  /// @param other the name
  public DemoApplication withName(String other) {
    return new DemoApplication(
        slug,
        other,
        externalHost,
        mode,
        cookieDomain,
        skipPathRegex,
        clientId,
        accessTokenValidity,
        interceptHeaderAuth,
        basicAuth,
        secondFactor);
  }

  /// The same with open paths.
  ///
  /// @param patterns newline-separated patterns
  public DemoApplication withSkipPathRegex(String patterns) {
    return new DemoApplication(
        slug,
        name,
        externalHost,
        mode,
        cookieDomain,
        patterns,
        clientId,
        accessTokenValidity,
        interceptHeaderAuth,
        basicAuth,
        secondFactor);
  }

  /// The same with another session life.
  ///
  /// @param validity life of a token
  public DemoApplication withAccessTokenValidity(Duration validity) {
    return new DemoApplication(
        slug,
        name,
        externalHost,
        mode,
        cookieDomain,
        skipPathRegex,
        clientId,
        validity,
        interceptHeaderAuth,
        basicAuth,
        secondFactor);
  }

  /// The same with a forwarded Basic header.
  ///
  /// @param userAttribute names the attribute with the user name
  /// @param passwordAttribute names the attribute with the password
  public DemoApplication withBasicAuth(String userAttribute, String passwordAttribute) {
    return new DemoApplication(
        slug,
        name,
        externalHost,
        mode,
        cookieDomain,
        skipPathRegex,
        clientId,
        accessTokenValidity,
        interceptHeaderAuth,
        new BasicAuth(true, userAttribute, passwordAttribute),
        secondFactor);
  }

  /// The same with a one-time code required at login.
  public DemoApplication withSecondFactor() {
    return new DemoApplication(
        slug,
        name,
        externalHost,
        mode,
        cookieDomain,
        skipPathRegex,
        clientId,
        accessTokenValidity,
        interceptHeaderAuth,
        basicAuth,
        true);
  }
}
