package dev.postern.demo.idp;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.CoreSession;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.Outpost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Performs a login inside the process, as a browser does through the front proxy.
final class ScriptedLogin {
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  private final Core core;
  private final Outpost outpost;

  ScriptedLogin(Core core, Outpost outpost) {
    this.core = core;
    this.outpost = outpost;
  }

  /// Logs in.
  ///
  /// @param host the protected host
  /// @param session the core session of the user
  /// @param cookie a cookie to start with, `name=value`, or empty
  /// @return the cookie after the login, `name=value`
  String cookie(String host, CoreSession session, String cookie) {
    Reply.Response start = check(host, "/", cookie);
    String location = start.header("Location");
    int question = location.indexOf('?');
    if (start.status() != 302 || question < 0) {
      throw new IllegalStateException("No login start for " + host + ": " + start.status());
    }
    String query = location.substring(question + 1);
    DemoApplication application = core.client(GoQuery.get(query, "client_id")).orElseThrow();
    String code = core.authorize(application.clientId(), session);
    String callback =
        Outpost.PREFIX
            + "/callback?X-authentik-auth-callback=true&code="
            + code
            + "&state="
            + GoQuery.get(query, "state");
    Reply.Response end = check(host, callback, newest(start, cookie));
    if (end.status() != 302) {
      throw new IllegalStateException("The callback for " + host + " failed: " + end.status());
    }
    return newest(end, newest(start, cookie));
  }

  private static String newest(Reply.Response response, String before) {
    List<String> set = Headers.all(response.headers(), "Set-Cookie");
    return set.isEmpty() ? before : set.getLast().substring(0, set.getLast().indexOf(';'));
  }

  Reply.Response check(String host, String uri, String cookie) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Host", "outpost"));
    headers.add(new Header("X-Forwarded-Proto", "https"));
    headers.add(new Header("X-Forwarded-Host", host));
    headers.add(new Header("X-Forwarded-Uri", uri));
    if (!cookie.isEmpty()) {
      headers.add(new Header("Cookie", cookie));
    }
    String target = Outpost.PREFIX + "/auth/traefik";
    Outpost.Traced traced =
        outpost.handle(new HttpRequest("GET", target, headers, new byte[0], PEER));
    if (traced.reply() instanceof Reply.Response response) {
      return response;
    }
    throw new IllegalStateException("The outpost crashed for " + host);
  }
}
