package dev.postern.upstream;

import dev.postern.upstream.wire.MalformedException;
import dev.postern.upstream.wire.OversizedException;
import dev.postern.verdict.Verdict.Fault;
import java.io.IOException;
import javax.net.ssl.SSLException;

/// Tells the ways in which a connection to the upstream can fail apart, for people to act on.
public final class UpstreamFaults {
  private UpstreamFaults() {}

  /// What kind of failure the end of a connection is.
  ///
  /// @param reason why it ended
  /// @param answerBegun whether any byte of an answer had come
  /// @return the kind
  public static Fault kind(IOException reason, boolean answerBegun) {
    return switch (reason) {
      case SSLException _ -> answerBegun ? Fault.BROKEN : Fault.CONNECT;
      case MalformedException _ -> Fault.MALFORMED;
      case OversizedException _ -> Fault.HEAD_TOO_LARGE;
      case IOException _ -> answerBegun ? Fault.BROKEN : Fault.NO_ANSWER;
    };
  }
}
