package dev.postern.upstream.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.key.Words;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictSource;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs, once per host, that the upstream has no application for it or cannot parse its requests
/// (docs/design/authentik.md section 1.5); verdicts pass unchanged.
public final class HostNotices implements VerdictSource {
  private static final Logger LOG = LoggerFactory.getLogger(HostNotices.class);

  /// Caps log lines; clients choose the hosts.
  static final int MAX_NOTICES = 64;

  /// Longer bodies are not error messages.
  private static final int MAX_BYTES = 4096;

  private enum Kind {
    NO_APPLICATION,
    NO_OUTPOST,
    MISREAD
  }

  private record Notice(Kind kind, String host) {}

  private final VerdictSource next;
  private final Set<Notice> logged = ConcurrentHashMap.newKeySet();

  /// @param next calls the upstream
  public HostNotices(VerdictSource next) {
    this.next = next;
  }

  @Override
  public void check(Call call, Consumer<Verdict> done) {
    next.check(
        call,
        verdict -> {
          look(call, verdict);
          done.accept(verdict);
        });
  }

  private void look(Call call, Verdict verdict) {
    switch (verdict) {
      case Verdict.Other(UpstreamResponse response) when response.status() == 404 ->
          log(Kind.NO_OUTPOST, call.request().host());
      case Verdict.Other(UpstreamResponse response)
          when response.status() == 400 && contains(response, "no app for hostname") ->
          log(Kind.NO_APPLICATION, call.request().host());
      case Verdict.Unavailable(UpstreamResponse response, var _)
          when response.status() == 500 && contains(response, "configuration error") ->
          log(Kind.MISREAD, call.request().host());
      case Verdict.Allow _,
          Verdict.AnonymousAllow _,
          Verdict.Challenge _,
          Verdict.Deny _,
          Verdict.Other _,
          Verdict.Unavailable _ -> {}
    }
  }

  private static boolean contains(UpstreamResponse response, String words) {
    byte[] body = response.body();
    return body.length <= MAX_BYTES
        && new String(body, ISO_8859_1).toLowerCase(Locale.ROOT).contains(words);
  }

  private void log(Kind kind, String host) {
    Notice notice = new Notice(kind, Words.quote(host));
    if (logged.contains(notice) || logged.size() >= MAX_NOTICES || !logged.add(notice)) {
      return;
    }
    switch (kind) {
      case NO_APPLICATION ->
          LOG.warn(
              "authentik has no application for the host {}: make it the external host of a proxy"
                  + " provider, or cover it with the cookie domain of a domain-level provider, and"
                  + " add that provider's application to the outpost",
              notice.host());
      case NO_OUTPOST ->
          LOG.warn(
              "The identity provider answers 404 for the host {}: authentik's embedded outpost does"
                  + " so for hosts without an application (check the external host or cookie"
                  + " domain of the provider, and the outpost's applications); otherwise"
                  + " upstream.url does not point to an outpost",
              notice.host());
      case MISREAD ->
          LOG.warn(
              "authentik cannot parse the URL of a request to the host {} (configuration error):"
                  + " one client may have sent a malformed one; if every request is affected,"
                  + " something between Traefik and Postern changes X-Forwarded-Proto, -Host or"
                  + " -Uri",
              notice.host());
    }
  }
}
