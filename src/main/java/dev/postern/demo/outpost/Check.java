package dev.postern.demo.outpost;

import dev.postern.demo.golang.GoCookies;
import dev.postern.demo.golang.GoHeaders;
import dev.postern.demo.golang.GoRedirect;
import dev.postern.demo.golang.GoUrl;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.session.Session;
import dev.postern.demo.outpost.session.SessionStore;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request being handled by the outpost: the application, the session, which is loaded once, and
/// the headers of the later response.
final class Check {
  private final HttpRequest request;
  private final Provider provider;
  private final SessionStore store;
  private final GoHeaders response = new GoHeaders();
  private final GoUrl url;
  private @Nullable Session session;

  Check(HttpRequest request, GoUrl url, Provider provider, SessionStore store) {
    this.request = request;
    this.url = url;
    this.provider = provider;
    this.store = store;
  }

  HttpRequest request() {
    return request;
  }

  GoUrl url() {
    return url;
  }

  Provider provider() {
    return provider;
  }

  GoHeaders response() {
    return response;
  }

  Optional<String> cookie() {
    return GoCookies.find(Headers.all(request.headers(), "Cookie"), provider.cookieName());
  }

  Session session() {
    Session loaded = session;
    if (loaded == null) {
      loaded = store.load(cookie(), provider.cookieOptions());
      session = loaded;
    }
    return loaded;
  }

  boolean save() {
    return store.save(session(), provider.cookieName(), provider.cookieOptions(), response);
  }

  /// The session, or empty if it could not be loaded; then its cookie is deleted.
  Optional<Session> usableSession() {
    Session loaded = session();
    if (!loaded.unloadable()) {
      return Optional.of(loaded);
    }
    loaded.maxAge(-1);
    save();
    return Optional.empty();
  }

  Reply.Response empty(int status) {
    return new Reply.Response(status, response.lines(), new byte[0]);
  }

  /// An allow. The header with the software's name is only sent if no status was written before.
  Reply.Response allow(boolean statusWritten) {
    if (!statusWritten) {
      response.set("X-Powered-By", "authentik_proxy2");
    }
    return empty(200);
  }

  /// Go's `http.Error`.
  Reply.Response error(int status, String text) {
    response.set("Content-Type", "text/plain; charset=utf-8");
    response.set("X-Content-Type-Options", "nosniff");
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    return new Reply.Response(status, response.lines(), body);
  }

  /// Go's `http.Redirect` with 302.
  Reply.Response redirect(String location) {
    String target = GoRedirect.target(location, url.path());
    response.set("Location", GoRedirect.location(target));
    boolean get = request.method().equals("GET");
    if (get || request.method().equals("HEAD")) {
      response.set("Content-Type", "text/html; charset=utf-8");
    }
    return new Reply.Response(302, response.lines(), get ? GoRedirect.body(target) : new byte[0]);
  }
}
