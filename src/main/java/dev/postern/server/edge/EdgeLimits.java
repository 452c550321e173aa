package dev.postern.server.edge;

import dev.postern.verdict.ClientBytes;
import java.time.Duration;

/// All limits of an entry point.
///
/// @param headBytes bytes of a request's head or, counted alike, of its header list over HTTP/2: 1
///   MiB is what Traefik itself accepts
/// @param headLines header lines of a request: Traefik limits only their bytes, and a line costs
///   several times its bytes in memory
/// @param headerBlockBytes bytes of one header block over HTTP/2 before it is decoded. A block must
///   be decoded as a whole even if its request is refused, because all later ones depend on it.
///   Four times the limit of a head is more than Traefik can send.
/// @param streams concurrent requests on one HTTP/2 connection of a trusted peer: ten times what
///   Go's client opens before it knows the limit
/// @param untrustedStreams the same for an untrusted peer: what browsers use
/// @param streamWindow bytes of a body over HTTP/2 that may wait here until they are read: the
///   default of HTTP/2
/// @param controlFrames control frames of an HTTP/2 connection without a request between them. Each
///   request adds some, so that clients that cancel their requests behind a proxy cannot reach the
///   limit.
/// @param resets streams that an untrusted peer may reset within half a minute: leaving a page of
///   images quickly resets about a hundred. A trusted peer resets streams for all its clients, so
///   it has no such limit.
/// @param discardedBytes bytes of an unread body that are read and dropped so that the connection
///   or stream ends cleanly
/// @param memoryBytes memory of all heads, waiting bodies and waiting responses together
/// @param untrustedMemoryBytes the part of it that untrusted peers may use
/// @param connectionBytes bytes counted for a plain connection
/// @param tlsConnectionBytes bytes counted for a TLS connection: the JDK's engine and its buffers
/// @param handshakeTime maximum duration of a TLS handshake
/// @param settingsTime maximum time until a peer acknowledges the HTTP/2 settings; before that it
///   may not know a limit
/// @param headTime maximum time from the first byte of a head to its end; for the first head of an
///   untrusted peer from the start of the connection
/// @param idleTime maximum time of a connection without a request: Traefik keeps idle connections
///   for 90 s and reuses them to the last moment
/// @param bodyTime maximum time without progress of a body that is being read
/// @param writeTime maximum time in which a peer reads nothing of a waiting response
/// @param lingerTime how long a connection is still read after its last response, so that a TCP
///   reset does not destroy the response
/// @param sweepInterval how often these times are checked
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

  /// A line costs more than its bytes: its positions, and the text of values that are read.
  private static final int LINE_OVERHEAD_BYTES = 96;

  /// The limits in production.
  ///
  /// @param heapBytes maximum heap of the JVM; a sixth of it is for requests and responses in
  ///   transit here
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

  /// An empty account of the bytes that the waiting requests of each client hold. The limit per
  /// client is a quarter of the memory, but at least the cost of one head.
  ClientBytes clientMemory() {
    return ClientBytes.quarterOf(memoryBytes, headCost(headBytes, headLines));
  }

  /// The memory that a head costs.
  ///
  /// @param bytes its bytes
  /// @param lines number of its header lines
  static long headCost(int bytes, int lines) {
    return 2L * bytes + (long) LINE_OVERHEAD_BYTES * lines;
  }
}
