package dev.postern.demo.idp;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.CoreSession;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.Outpost;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings the identity provider into the state in which an exchange was recorded.
final class ExchangeStage implements AutoCloseable {
  /// The recording's core had an address of 15 characters before it was replaced.
  static final String CORE_URL = "http://authentik0.test";

  private static final Duration AFTER_THE_CACHE = Duration.ofSeconds(64);
  private static final Pattern COOKIE =
      Pattern.compile("(authentik_proxy_[0-9a-f]{8})=\"?<(cookie-\\d+-of-session-\\d+)>");
  private static final Pattern CODE = Pattern.compile("<(code-\\d+)>");
  private static final Pattern STATE = Pattern.compile("<(state-\\d+)>");

  final MutableClock clock = new MutableClock();
  final Placeholders names = new Placeholders();
  final DemoIdentityProvider provider;

  ExchangeStage(Outpost.Store store, boolean singleApplication) {
    var builder =
        DemoIdentityProvider.builder()
            .clock(clock)
            .store(store)
            .coreUrl(CORE_URL)
            .outpostName("test outpost");
    ExchangeApplications.ALL.stream()
        .filter(application -> !singleApplication || application.slug().equals("app"))
        .forEach(builder::application);
    provider = builder.start();
    provider.core().putUser(ExchangeUsers.ALICE);
    provider.core().putUser(ExchangeUsers.SVC);
    provider.core().putUser(ExchangeUsers.service("svc2", "svc@example.test", "Svc"));
    provider.core().putUser(ExchangeUsers.service("svc9", "", ""));
  }

  void prepare(Exchange exchange) {
    Core core = provider.core();
    switch (exchange.name()) {
      case "basic 13: after 60 s: asks core again (revoked)" -> {
        core.putUser(ExchangeUsers.withPassword(ExchangeUsers.SVC, "changed"));
        clock.advance(AFTER_THE_CACHE);
      }
      // A minute after the same credentials were shown to the application "skip".
      case "basic 3: no cookie, valid Basic (fresh)" -> clock.advance(AFTER_THE_CACHE);
      case "Authorization cache 2: 64 s later, credentials revoked in core meanwhile" -> {
        core.deleteUser("svc9");
        clock.advance(AFTER_THE_CACHE);
      }
      case "embedded store: the same cookie value is now another person" ->
          loginAgain(exchange, ExchangeUsers.withName(ExchangeUsers.ALICE, "carol"));
      case "embedded store: database down, valid session" -> {
        prepareCookie(exchange);
        provider.faults().mode(FaultMode.DATABASE_DOWN);
      }
      default -> prepareCookie(exchange);
    }
    prepareCallback(exchange);
    if (exchange.name().startsWith("session file gone: stale")) {
      provider.outpost().loseSession(names.fill("<cookie-48-of-session-49>"));
    }
    boolean newStringForOldSession =
        exchange.headers().stream()
            .filter(header -> header.is("Set-Cookie"))
            .anyMatch(header -> isNewStringOfKnownSession(header.value()));
    if (newStringForOldSession) {
      clock.advance(Duration.ofSeconds(1));
    }
  }

  private boolean isNewStringOfKnownSession(String setCookie) {
    Matcher cookie = COOKIE.matcher(setCookie);
    return cookie.find()
        && names.value(cookie.group(2)).isEmpty()
        && names.knowsSession(cookie.group(2).replaceAll(".*-of-", ""));
  }

  private void prepareCookie(Exchange exchange) {
    for (String line : exchange.request()) {
      Matcher cookie = COOKIE.matcher(line);
      if (cookie.find() && names.value(cookie.group(2)).isEmpty()) {
        String pair = session(exchange);
        names.bind(cookie.group(2), pair.substring(pair.indexOf('=') + 1));
      }
      Matcher plain = Pattern.compile("=(DKGG|EJAA)[A-Z2-7]{48}$").matcher(line);
      if (plain.find() && provider.faults().mode() == FaultMode.NONE) {
        String cookieLine = line.substring("Cookie: ".length());
        login(host(exchange), ExchangeUsers.of(exchange.name()), cookieLine);
      }
    }
  }

  private String session(Exchange exchange) {
    return switch (exchange.name()) {
      case "rotation 2: cookie of a session without login",
          "callback with the cookie of another session",
          "basic 11: cookie without login plus a fresh Basic: identity is written into that"
              + " session",
          "nginx second visit" ->
          visit(host(exchange), "/", "");
      default -> login(host(exchange), ExchangeUsers.of(exchange.name()), "");
    };
  }

  private static String host(Exchange exchange) {
    return exchange.request().stream()
        .filter(line -> line.startsWith("X-Forwarded-Host: "))
        .map(line -> line.substring("X-Forwarded-Host: ".length()))
        .findFirst()
        .orElse("app.example.test");
  }

  private void prepareCallback(Exchange exchange) {
    String all = String.join("\n", exchange.request());
    Matcher state = STATE.matcher(all);
    if (state.find() && names.value(state.group(1)).isEmpty()) {
      Matcher cookie = COOKIE.matcher(all);
      if (!cookie.find()) {
        throw new AssertionError("A state without a cookie in " + exchange.name());
      }
      String pair = cookie.group(1) + "=" + names.fill("<" + cookie.group(2) + ">");
      names.bind(state.group(1), stateOf(startPath(pair)));
    }
    Matcher code = CODE.matcher(all);
    if (code.find() && names.value(code.group(1)).isEmpty()) {
      boolean carol = exchange.name().contains("callback of carol");
      DemoUser user =
          carol ? ExchangeUsers.CAROL : padded(ExchangeUsers.of(exchange.name()), exchange.name());
      names.bind(code.group(1), provider.core().authorize("cid-app", session(user)));
    }
  }

  private void loginAgain(Exchange exchange, DemoUser user) {
    String line = exchange.request().getLast();
    login(host(exchange), user, names.fill(line.substring("Cookie: ".length())));
  }

  private String login(String host, DemoUser user, String cookie) {
    CoreSession session = session(user);
    return new ScriptedLogin(provider.core(), provider.outpost()).cookie(host, session, cookie);
  }

  private CoreSession session(DemoUser user) {
    provider.core().putUser(user);
    CoreSession session = provider.core().login(user.username(), user.password()).orElseThrow();
    if (user.username().equals("alice")) {
      provider.core().putUser(ExchangeUsers.ALICE);
    }
    return session;
  }

  /// Pads the token to the length of the one in the recorded sign-out, whose body depends on it.
  private DemoUser padded(DemoUser user, String exchange) {
    return exchange.equals("embedded store: callback")
        ? ExchangeUsers.withTokenLength(user, 839)
        : user;
  }

  private String visit(String host, String uri, String cookie) {
    String line = start(host, uri, cookie).header("Set-Cookie");
    return line.substring(0, line.indexOf(';'));
  }

  private static String stateOf(Reply.Response response) {
    String location = response.header("Location");
    return location.substring(location.indexOf("&state=") + "&state=".length());
  }

  private Reply.Response start(String host, String uri, String cookie) {
    return new ScriptedLogin(provider.core(), provider.outpost()).check(host, uri, cookie);
  }

  /// The state of a new login by a client that is already logged in.
  private Reply.Response startPath(String cookie) {
    String target = Outpost.PREFIX + "/start?rd=https%3A%2F%2Fapp.example.test%2Fback";
    List<Header> headers =
        List.of(new Header("Host", "app.example.test"), new Header("Cookie", cookie));
    var peer = provider.address();
    var request = new HttpRequest("GET", target, headers, new byte[0], peer);
    return (Reply.Response) provider.outpost().handle(request).reply();
  }

  @Override
  public void close() {
    provider.close();
  }
}
