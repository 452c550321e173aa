package dev.postern.demo.idp;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.CoreSession;
import dev.postern.demo.core.LoginEndpoints;
import dev.postern.demo.core.ManagementApi;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.HttpServer;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.Outpost;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/// An identity provider for demonstrations, tests and benchmarks: authentik's core, reduced, and an
/// imitation of its proxy outpost 2026.2.2 on one port, and the admin API on another, which is
/// always on loopback.
public final class DemoIdentityProvider implements AutoCloseable {
  private final HttpServer server;
  private final HttpServer adminServer;
  private final Core core;
  private final Outpost outpost;
  private final Journal journal;
  private final Faults faults;
  private final OutpostSockets sockets;
  private final LoginEndpoints login;
  private final ManagementApi api;
  private final String outpostId;
  private final Clock clock;

  DemoIdentityProvider(DemoIdentityProviderBuilder builder) {
    CompletableFuture<DemoIdentityProvider> ready = new CompletableFuture<>();
    this.clock = builder.clock;
    this.outpostId = builder.outpostId;
    this.server = HttpServer.start(builder.address, request -> ready.join().handle(request), clock);
    String url = builder.coreUrl.isEmpty() ? "http://127.0.0.1:" + server.port() : builder.coreUrl;
    this.core = new Core(url, clock);
    builder.users.forEach(core::putUser);
    builder.applications.forEach(core::putApplication);
    this.journal = new Journal(clock);
    this.faults = new Faults(clock, listen -> listen(server, listen));
    this.sockets = new OutpostSockets(outpostId, builder.outpostToken);
    this.outpost =
        new Outpost(
            core,
            builder.outpostName,
            builder.store,
            faults::databaseDown,
            sub -> journal.revoked("sign-out", sub));
    this.login = new LoginEndpoints(core, builder.showCredentials ? builder.users : List.of());
    boolean embedded = builder.store == Outpost.Store.POSTGRESQL;
    this.api = new ManagementApi(core, builder.apiToken, outpostId, builder.outpostName, embedded);
    core.onSessionEnd(this::sessionEnded);
    AdminApi admin = new AdminApi(this);
    this.adminServer = HttpServer.start(builder.adminPort, admin::handle, clock);
    ready.complete(this);
  }

  private static void listen(HttpServer server, boolean listen) {
    if (listen) {
      server.resume();
    } else {
      server.suspend();
    }
  }

  private void sessionEnded(String sid) {
    outpost.endSession(sid);
    journal.revoked("sid", sid);
    sockets.sessionEnded(sid);
  }

  /// Returns a builder without users and applications.
  public static DemoIdentityProviderBuilder builder() {
    return new DemoIdentityProviderBuilder();
  }

  private Reply handle(HttpRequest request) throws InterruptedException {
    String path = request.path();
    if (sockets.serves(path)) {
      return sockets.handle(request);
    }
    if (path.startsWith("/api/v3/")) {
      return api.handle(request);
    }
    if (LoginEndpoints.serves(path)) {
      return login.handle(request);
    }
    if (path.startsWith(Outpost.PREFIX + "/auth/")) {
      return check(request);
    }
    return faults.apply(request, () -> outpost.handle(request).reply());
  }

  private Reply check(HttpRequest request) throws InterruptedException {
    long began = journal.begin();
    Instant time = clock.instant();
    AtomicReference<Outpost.Trace> trace =
        new AtomicReference<>(
            new Outpost.Trace("", request.header("X-Forwarded-Host"), "", "", ""));
    Reply reply =
        faults.apply(
            request,
            () -> {
              Outpost.Traced traced = outpost.handle(request);
              trace.set(traced.trace());
              return traced.reply();
            });
    int status = reply instanceof Reply.Response response ? response.status() : 0;
    boolean identity =
        reply instanceof Reply.Response response && !response.header("X-Authentik-Uid").isEmpty();
    journal.end(began, time, request, trace.get(), status, identity);
    return reply;
  }

  /// The address of outpost, core, API and websocket.
  ///
  /// @return where it listens
  public InetSocketAddress address() {
    return server.address();
  }

  /// The address of the admin API.
  ///
  /// @return 127.0.0.1 and the port
  public InetSocketAddress adminAddress() {
    return adminServer.address();
  }

  /// The outpost's uuid, part of the websocket's path.
  public String outpostId() {
    return outpostId;
  }

  /// Users, applications and sessions.
  public Core core() {
    return core;
  }

  /// The outpost.
  public Outpost outpost() {
    return outpost;
  }

  /// The record of all checks.
  public Journal journal() {
    return journal;
  }

  /// Delay, failure modes and holds.
  public Faults faults() {
    return faults;
  }

  /// The websocket side.
  ///
  /// @return the connected outposts and listeners
  public OutpostSockets sockets() {
    return sockets;
  }

  /// Ends a session by its `sid`, here and for all websocket clients.
  ///
  /// @param sid the `sid` of its tokens
  /// @return how many core sessions ended
  public int endSession(String sid) {
    return core.endSession(sid);
  }

  /// Ends all sessions of a subject.
  ///
  /// @param sub the subject
  /// @return how many core sessions ended
  public int endSubject(String sub) {
    int ended = core.endSubject(sub);
    journal.revoked("sub", sub);
    return ended;
  }

  /// Deletes a user and ends all of the user's sessions.
  ///
  /// @param username the login name
  /// @return whether there was such a user
  public boolean deleteUser(String username) {
    boolean deleted = core.deleteUser(username);
    journal.revoked("user", username);
    return deleted;
  }

  /// Reloads the applications in the outpost and tells all websocket clients to do the same.
  public void refresh() {
    outpost.refresh();
    journal.revoked("update", "");
    sockets.triggerUpdate();
  }

  /// Logs a user in without a browser: core session, login start, callback.
  ///
  /// @param host the protected host, as `X-Forwarded-Host` names it
  /// @param username the user
  /// @return the session cookie of the application as `name=value`
  /// @throws IllegalStateException if the login fails
  public String login(String host, String username, String password) {
    CoreSession session =
        core.login(username, password)
            .orElseThrow(() -> new IllegalStateException("Wrong password of " + username));
    return new ScriptedLogin(core, outpost).cookie(host, session, "");
  }

  @Override
  public void close() {
    faults.mode(FaultMode.NONE);
    faults.release();
    server.close();
    adminServer.close();
  }
}
