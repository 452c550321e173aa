package dev.postern.feeds;

import dev.postern.verdict.FeedListener.Event;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Revocations;

/// Applies feed messages to the cache.
final class Effects {
  private final Revocations revocations;

  Effects(Revocations revocations) {
    this.revocations = revocations;
  }

  void lost() {
    revocations.feedLost(RevocationSource.WEBSOCKET);
  }

  void gained() {
    revocations.feedGained(RevocationSource.WEBSOCKET);
  }

  /// Applies an instruction.
  ///
  /// @return its kind
  Event apply(Instruction instruction) {
    return switch (instruction) {
      case Instruction.SessionEnd(String sid) -> {
        revocations.sessionEnded(sid, RevocationSource.WEBSOCKET);
        yield Event.SESSION_END;
      }
      case Instruction.SessionsEnd _ -> {
        revocations.upstreamChanges(RevocationSource.WEBSOCKET);
        yield Event.SESSIONS_END;
      }
      case Instruction.Update _ -> {
        revocations.upstreamChanges(RevocationSource.WEBSOCKET);
        yield Event.UPDATE;
      }
      case Instruction.Other _ -> Event.OTHER;
      case Instruction.Unreadable _ -> Event.UNREADABLE;
    };
  }
}
