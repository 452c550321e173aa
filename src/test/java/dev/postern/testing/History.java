package dev.postern.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What happened in one run, in one sequence, and whether every allow in it was justified.
///
/// An allow is justified by a check of the same credential and host that said the same subject, had
/// ended when the allow was given, was no older than it may be, and began after the last revocation
/// that had been told before the request was asked.
///
/// Used by one thread at a time, or with its methods' lock.
public final class History {
  /// Something that happened.
  public sealed interface Event {
    /// {@return its number in the sequence}
    long sequence();
  }

  /// The upstream allowed.
  ///
  /// @param sequence when the check ended
  /// @param began when it began
  /// @param beganAt when it began, by the clock
  /// @param credential whose
  /// @param host for which host
  /// @param sid the session
  /// @param sub the subject
  /// @param life how long after its beginning it may be answered from
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
  /// @param sequence when it was answered
  /// @param asked when it was asked
  /// @param answeredAt when it was answered, by the clock
  /// @param credential whose
  /// @param host for which host
  /// @param sub the subject in the answer
  /// @param how where the answer came from, as `X-Postern-Cache` says it
  public record Allowed(
      long sequence,
      long asked,
      Duration answeredAt,
      String credential,
      String host,
      String sub,
      String how)
      implements Event {}

  /// Something ended.
  ///
  /// @param sequence when it was told: what is asked later must not be answered from before it
  /// @param effective from which moment on a check can know it
  /// @param kind `credential`, `sid`, `sub`, `host` or `all`
  /// @param value what
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

  /// Anything else worth reading.
  ///
  /// @param sequence when
  /// @param text what
  public record Noted(long sequence, String text) implements Event {}

  /// How long a check may take; who waits for it is answered from it, however short its life.
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

  /// Looks for an allow that nothing justifies.
  ///
  /// @return what is wrong, with everything that concerns its credential, or nothing
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
