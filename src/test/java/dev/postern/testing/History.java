package dev.postern.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Records the events of one run in one sequence, and checks that every allow was justified.
///
/// An allow is justified by a check of the same credential and host that returned the same subject,
/// had ended when the allow was sent, was within its lifetime, and began after the last revocation
/// that was complete before the request was sent.
///
/// Safe for concurrent use.
public final class History {
  /// An event of the run.
  public sealed interface Event {
    /// {@return its number in the sequence}
    long sequence();
  }

  /// The upstream allowed.
  ///
  /// @param sequence when the check ended
  /// @param began when it began
  /// @param beganAt clock time of its beginning
  /// @param sid the session
  /// @param sub the subject
  /// @param life how long after its beginning its verdict may be used
  /// @param graceLife the same while the upstream is unavailable
  public record Checked(
      long sequence,
      long began,
      Duration beganAt,
      String credential,
      String host,
      String sid,
      String sub,
      Duration life,
      Duration graceLife)
      implements Event {}

  /// A request was allowed.
  ///
  /// @param sequence when the response was complete
  /// @param asked when the request was sent
  /// @param answeredAt clock time of the response
  /// @param sub the subject in the response
  /// @param how the source of the response, as in `X-Postern-Cache`
  public record Allowed(
      long sequence,
      long asked,
      Duration answeredAt,
      String credential,
      String host,
      String sub,
      String how)
      implements Event {}

  /// A revocation.
  ///
  /// @param sequence when it was complete: later requests must not get verdicts from before it
  /// @param effective the moment from which checks reflect it
  /// @param kind `credential`, `sid`, `sub`, `host` or `all`
  public record Revoked(long sequence, long effective, String kind, String value) implements Event {
    boolean concerns(Checked check) {
      return switch (kind) {
        case "credential" -> value.equals(check.credential());
        case "sid" -> value.equals(check.sid());
        case "sub" -> value.equals(check.sub());
        case "host" -> value.equals(check.host());
        case "all" -> true;
        default -> throw new IllegalStateException(kind);
      };
    }
  }

  /// A remark for the report of a failure.
  public record Noted(long sequence, String text) implements Event {}

  /// Maximum duration of a check. Requests that wait for it may use its verdict even if its life is
  /// shorter.
  public static final Duration DEADLINE = Duration.ofSeconds(25);

  private final List<Event> events = new ArrayList<>();

  /// Adds an event.
  public synchronized void add(Event event) {
    events.add(event);
  }

  /// {@return how many requests were allowed}
  public synchronized long allows() {
    return events.stream().filter(Allowed.class::isInstance).count();
  }

  /// Finds the first allow that is not justified.
  ///
  /// @return a description with all events of its credential, or empty
  public synchronized Optional<String> firstWrong() {
    for (Event event : events) {
      if (event instanceof Allowed allow && justification(allow).isEmpty()) {
        return Optional.of(describe(allow));
      }
    }
    return Optional.empty();
  }

  private Optional<Checked> justification(Allowed allow) {
    return events.stream()
        .filter(Checked.class::isInstance)
        .map(Checked.class::cast)
        .filter(check -> answers(check, allow) && !isOutlived(check, allow))
        .findAny();
  }

  private static boolean answers(Checked check, Allowed allow) {
    return check.credential().equals(allow.credential())
        && check.host().equals(allow.host())
        && check.sub().equals(allow.sub())
        && check.sequence() < allow.sequence()
        && allow.answeredAt().minus(check.beganAt()).compareTo(mostAge(check, allow)) <= 0;
  }

  private static Duration mostAge(Checked check, Allowed allow) {
    return switch (allow.how()) {
      case "hit" -> check.life();
      case "stale" -> check.graceLife();
      default -> DEADLINE;
    };
  }

  private boolean isOutlived(Checked check, Allowed allow) {
    return events.stream()
        .anyMatch(event ->
            event instanceof Revoked revoked
                && revoked.sequence() < allow.asked()
                && revoked.effective() > check.began()
                && revoked.concerns(check));
  }

  private String describe(Allowed wrong) {
    StringBuilder text = new StringBuilder("nothing justifies\n  " + wrong + "\nafter\n");
    events.stream()
        .filter(event -> event.sequence() <= wrong.sequence() && concerns(event, wrong))
        .forEach(event -> text.append("  ").append(event).append('\n'));
    return text.toString();
  }

  private static boolean concerns(Event event, Allowed wrong) {
    return switch (event) {
      case Allowed other -> other.credential().equals(wrong.credential());
      case Checked check -> check.credential().equals(wrong.credential());
      case Revoked _, Noted _ -> true;
    };
  }
}
