package dev.postern.server.edge;

/// A reason for which an entry point refuses a request or closes a connection: size, number,
/// duration or syntax.
///
/// A limit of a request is answered on that request or stream alone. A limit of a peer cannot be
/// reached by the clients behind a proxy, and ends the connection.
public enum Limit {
  /// The head of a request has too many bytes.
  HEAD_SIZE("head_size", Scope.REQUEST, 431, "The header lines are larger than 1 MiB."),
  /// The head of a request has too many lines.
  HEAD_LINES("head_lines", Scope.REQUEST, 431, "There are more than 10,000 header lines."),
  /// A request is not valid HTTP, or is ambiguous. Each reason has its own message.
  MALFORMED("malformed", Scope.REQUEST, 400, "The request is not valid HTTP."),
  /// The memory for requests is used up.
  MEMORY(
      "memory",
      Scope.REQUEST,
      503,
      "The memory for requests is in use. Please try again in a moment."),
  /// The requests of one client use up its share of that memory.
  CLIENT_MEMORY(
      "client_memory",
      Scope.REQUEST,
      503,
      "The requests of your address hold its share of the memory for requests. Please try again in"
          + " a moment."),
  /// The body of a request arrives too slowly.
  BODY_PROGRESS("body_progress", Scope.REQUEST, 408, "The request's body did not arrive in time."),
  /// The head of a request arrives too slowly.
  HEAD_TIME("head_time", Scope.PEER, 408, "The request's head did not arrive in time."),
  /// The peer does not read the response. Over HTTP/2 only the stream is reset if the peer still
  /// reads others.
  WRITE_PROGRESS("write_progress", Scope.PEER, 0, "The peer does not read its responses."),
  /// A TLS handshake takes too long.
  HANDSHAKE_TIME("handshake_time", Scope.PEER, 0, "The TLS handshake did not end in time."),
  /// The HTTP/2 settings are not acknowledged.
  SETTINGS_TIME(
      "settings_time", Scope.PEER, 0, "The peer did not acknowledge the HTTP/2 settings in time."),
  /// A connection carries no request.
  IDLE_TIME("idle_time", Scope.PEER, 0, "The connection was idle."),
  /// Untrusted peers have too many connections.
  CONNECTIONS("connections", Scope.PEER, 0, "Untrusted peers have too many connections."),
  /// Too many control frames for the number of requests.
  CONTROL_FRAMES(
      "control_frames", Scope.PEER, 0, "Too many control frames for the number of requests."),
  /// Too many streams were reset.
  RESETS("resets", Scope.PEER, 0, "Too many streams were reset."),
  /// A header block is too large to be decoded, or has too many small frames.
  HEADER_BLOCK("header_block", Scope.PEER, 0, "The header block is too large."),
  /// The peer violated HTTP/2 for the connection as a whole.
  PROTOCOL("protocol", Scope.PEER, 0, "The peer violates the HTTP/2 protocol.");

  /// Who can exceed a limit.
  public enum Scope {
    /// one request, whichever client sent it
    REQUEST,
    /// the peer that holds the connection
    PEER
  }

  private final String label;
  private final Scope scope;
  private final int status;
  private final String sentence;

  Limit(String label, Scope scope, int status, String sentence) {
    this.label = label;
    this.scope = scope;
    this.status = status;
    this.sentence = sentence;
  }

  /// The limit's label in metrics.
  public String label() {
    return label;
  }

  public Scope scope() {
    return scope;
  }

  /// The status of the response to a request above the limit.
  ///
  /// @return HTTP status, or 0 if no response is sent
  public int status() {
    return status;
  }

  /// The message for users and the log.
  public String sentence() {
    return sentence;
  }
}
