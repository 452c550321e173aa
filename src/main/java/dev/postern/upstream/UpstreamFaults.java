package dev.postern.upstream;

import dev.postern.upstream.wire.MalformedException;
import dev.postern.upstream.wire.OversizedException;
import dev.postern.verdict.Verdict.Fault;
import java.io.IOException;
import javax.net.ssl.SSLException;

/// Classifies connection failures, so that operators can act on them.
public final class UpstreamFaults {
  private UpstreamFaults() {}

  /// The kind of failure.
  ///
  /// @param reason why the connection ended
  /// @param responseBegun whether any byte of a response had arrived
  public static Fault kind(IOException reason, boolean responseBegun) {
    return switch (reason) {
      case SSLException _ -> responseBegun ? Fault.BROKEN : Fault.CONNECT;
      case MalformedException _ -> Fault.MALFORMED;
      case OversizedException _ -> Fault.HEAD_TOO_LARGE;
      case IOException _ -> responseBegun ? Fault.BROKEN : Fault.NO_ANSWER;
    };
  }
}
