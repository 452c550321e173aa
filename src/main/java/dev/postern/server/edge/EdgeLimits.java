package dev.postern.server.edge;

import dev.postern.verdict.ClientBytes;
import java.time.Duration;

/// Every number that an entry point refuses something for.
///
/// @param headBytes bytes of a request's head, or of its header list over HTTP/2, counted alike: 1
///   MiB is what Traefik itself accepts
/// @param headLines header lines of a request: Traefik limits their bytes alone, and a line costs
///   many times its bytes in memory
/// @param headerBlockBytes bytes of one header block over HTTP/2 before it is decoded. A block has
///   to be decoded as a whole even when its request is refused, because all later ones depend on
///   it; four times the limit of a head is more than Traefik can send
/// @param streams requests at a time on one HTTP/2 connection of a trusted peer: ten times what
///   Go's client opens before it has seen a limit
/// @param untrustedStreams the same for a peer that is not trusted: what browsers use
/// @param streamWindow bytes of a body over HTTP/2 that may wait here until they are read: HTTP's
///   own default
/// @param controlFrames control frames of an HTTP/2 connection without a request between them. Each
///   request earns some more, so that clients behind a proxy that give up their requests cannot
///   reach it
/// @param resets streams that a peer that is not trusted may reset within half a minute: a page of
///   images left in a hurry is a hundred. A trusted peer resets streams for all its clients, so it
///   has no such limit
/// @param discardedBytes bytes of a body that nobody reads which are read and dropped so that the
///   connection or stream ends cleanly
/// @param memoryBytes memory of all heads, waiting bodies and waiting responses together
/// @param untrustedMemoryBytes the part of it that peers which are not trusted may hold
/// @param connectionBytes what a plain connection is counted as
/// @param tlsConnectionBytes what a TLS connection is counted as: the JDK's engine and its buffers
/// @param handshakeTime how long a TLS handshake may take
/// @param settingsTime how long a peer may take to acknowledge the settings of HTTP/2, without
///   which it may not know a limit
/// @param headTime how long a head may take, once it has begun; for the first of a peer that is not
///   trusted, once it has connected
/// @param idleTime how long a connection may carry no request: Traefik keeps idle connections for
///   90 s and reuses them to the last moment
/// @param bodyTime how long a body may make no progress while it is read
/// @param writeTime how long a peer may read nothing of a response that waits
/// @param lingerTime how long a connection is still read from after its last response, so that the
///   response is not lost to a reset
/// @param sweepInterval how often the times above are checked
public record EdgeLimits(
    int headBytes,
    int headLines,
    int headerBlockBytes,
    int streams,
    int untrustedStreams,
    int streamWindow,
    int controlFrames,
    int resets,
    int discardedBytes,
    long memoryBytes,
    long untrustedMemoryBytes,
    int connectionBytes,
    int tlsConnectionBytes,
    Duration handshakeTime,
    Duration settingsTime,
    Duration headTime,
    Duration idleTime,
    Duration bodyTime,
    Duration writeTime,
    Duration lingerTime,
    Duration sweepInterval) {

  private static final int MIB = 1024 * 1024;

  /// Heads hold objects besides their bytes: positions, and the text of what is looked at.
  private static final int LINE_OVERHEAD_BYTES = 96;

  /// The limits that ship.
  ///
  /// @param heapBytes the largest heap that the program may have; a sixth of it is for what is on
  ///   its way here
  /// @return the limits
  public static EdgeLimits forHeap(long heapBytes) {
    long memory = Math.clamp(heapBytes / 6, 8L * MIB, 256L * MIB);
    return new EdgeLimits(
        MIB,
        10_000,
        4 * MIB,
        1000,
        100,
        65_535,
        10_000,
        200,
        64 * 1024,
        memory,
        memory / 2,
        2 * 1024,
        24 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(180),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1));
  }

  /// What the requests of one client may hold of the memory while they wait: a quarter, or what one
  /// head can cost.
  ///
  /// @return their list, empty
  ClientBytes clientMemory() {
    return ClientBytes.quarterOf(memoryBytes, headCost(headBytes, headLines));
  }

  /// What a head costs in memory.
  ///
  /// @param bytes its bytes
  /// @param lines its header lines
  /// @return bytes
  static long headCost(int bytes, int lines) {
    return 2L * bytes + (long) LINE_OVERHEAD_BYTES * lines;
  }
}
