package dev.postern.feeds;

import dev.postern.verdict.Feed;
import dev.postern.verdict.FeedListener.Event;
import dev.postern.verdict.Revocations;

/// What instructions do to the cache.
final class Effects {
  private final Revocations revocations;

  Effects(Revocations revocations) {
    this.revocations = revocations;
  }

  void lost() {
    revocations.feedLost(Feed.WEBSOCKET);
  }

  void gained() {
    revocations.feedGained(Feed.WEBSOCKET);
  }

  /// Carries out an instruction.
  ///
  /// @return its kind
  Event apply(Instruction instruction) {
    return switch (instruction) {
      case Instruction.SessionEnd(String sid) -> {
        revocations.sessionEnded(sid, Feed.WEBSOCKET);
        yield Event.SESSION_END;
      }
      case Instruction.SessionsEnd _ -> {
        revocations.upstreamChanges(Feed.WEBSOCKET);
        yield Event.SESSIONS_END;
      }
      case Instruction.Update _ -> {
        revocations.upstreamChanges(Feed.WEBSOCKET);
        yield Event.UPDATE;
      }
      case Instruction.Other _ -> Event.OTHER;
      case Instruction.Unreadable _ -> Event.UNREADABLE;
    };
  }
}
