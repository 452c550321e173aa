package dev.postern.demo.idp;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.outpost.Outpost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Builds a [DemoIdentityProvider].
public final class DemoIdentityProviderBuilder {
  final List<DemoApplication> applications = new ArrayList<>();
  final List<DemoUser> users = new ArrayList<>();
  Clock clock = Clock.systemUTC();
  Outpost.Store store = Outpost.Store.POSTGRESQL;
  String coreUrl = "";
  String outpostName = "authentik Embedded Outpost";
  String outpostId = UUID.randomUUID().toString();
  String outpostToken = UUID.randomUUID().toString();
  String apiToken = UUID.randomUUID().toString();
  boolean showCredentials;
  InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  int adminPort;

  DemoIdentityProviderBuilder() {}

  /// Adds an application; the order is the outpost's load order.
  public DemoIdentityProviderBuilder application(DemoApplication application) {
    applications.add(application);
    return this;
  }

  /// Adds a user.
  public DemoIdentityProviderBuilder user(DemoUser user) {
    users.add(user);
    return this;
  }

  /// Sets the clock of cookies, tokens and codes.
  ///
  /// @param newClock the clock, the system's by default
  public DemoIdentityProviderBuilder clock(Clock newClock) {
    clock = newClock;
    return this;
  }

  /// Sets the session store to imitate.
  ///
  /// @param newStore the store, PostgreSQL by default
  public DemoIdentityProviderBuilder store(Outpost.Store newStore) {
    store = newStore;
    return this;
  }

  /// Sets the core's URL as browsers see it.
  ///
  /// @param url without trailing slash, by default 127.0.0.1 and the port
  public DemoIdentityProviderBuilder coreUrl(String url) {
    coreUrl = url;
    return this;
  }

  /// Sets the outpost's name.
  public DemoIdentityProviderBuilder outpostName(String name) {
    outpostName = name;
    return this;
  }

  /// Sets the outpost's uuid and the token of its websocket.
  ///
  /// @param id the uuid, random by default
  /// @param token the token, random by default
  public DemoIdentityProviderBuilder outpost(String id, String token) {
    outpostId = id;
    outpostToken = token;
    return this;
  }

  /// Sets the token of the management API.
  ///
  /// @param token the token, random by default
  public DemoIdentityProviderBuilder apiToken(String token) {
    apiToken = token;
    return this;
  }

  /// Makes the login pages show passwords and one-time codes, for demonstrations.
  public DemoIdentityProviderBuilder showCredentials() {
    showCredentials = true;
    return this;
  }

  /// Sets where to listen; the admin API stays on loopback.
  ///
  /// @param newAddress the address, loopback by default, and the port, 0 for a free one
  public DemoIdentityProviderBuilder listen(InetSocketAddress newAddress) {
    address = newAddress;
    return this;
  }

  /// Sets the ports on loopback.
  ///
  /// @param newPort the identity provider's, 0 for a free one
  /// @param newAdminPort the admin API's, 0 for a free one
  public DemoIdentityProviderBuilder ports(int newPort, int newAdminPort) {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), newPort);
    adminPort = newAdminPort;
    return this;
  }

  /// Starts the identity provider.
  ///
  /// @return the running identity provider, to be closed
  /// @throws java.io.UncheckedIOException if it cannot listen there
  public DemoIdentityProvider start() {
    return new DemoIdentityProvider(this);
  }
}
