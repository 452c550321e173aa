package dev.postern.server.edge;

/// What an entry point refuses because of its size, number, duration or form.
///
/// A limit of a request is answered on that request or stream alone. A limit of a peer is out of
/// reach for the clients behind a proxy, and ends the connection.
public enum Limit {
  /// The head of a request has too many bytes.
  HEAD_SIZE("head_size", Scope.REQUEST, 431, "The header lines are larger than 1 MiB."),
  /// The head of a request has too many lines.
  HEAD_LINES("head_lines", Scope.REQUEST, 431, "There are more than 10,000 header lines."),
  /// A request is not valid HTTP, or can be read in two ways. Each reason has a sentence of its
  /// own.
  MALFORMED("malformed", Scope.REQUEST, 400, "The request is not valid HTTP."),
  /// The memory for requests is in use.
  MEMORY(
      "memory",
      Scope.REQUEST,
      503,
      "The memory for requests is in use. Please try again in a moment."),
  /// The requests of one client hold its share of that memory.
  CLIENT_MEMORY(
      "client_memory",
      Scope.REQUEST,
      503,
      "The requests of your address hold its share of the memory for requests. Please try again in"
          + " a moment."),
  /// The body of a request does not arrive.
  BODY_PROGRESS("body_progress", Scope.REQUEST, 408, "The request's body did not arrive in time."),
  /// The head of a request does not arrive as a whole.
  HEAD_TIME("head_time", Scope.PEER, 408, "The request's head did not arrive in time."),
  /// The peer does not read the response. Over HTTP/2 the stream alone is reset while the peer
  /// still reads others.
  WRITE_PROGRESS("write_progress", Scope.PEER, 0, "The peer does not read its responses."),
  /// A TLS handshake does not end.
  HANDSHAKE_TIME("handshake_time", Scope.PEER, 0, "The TLS handshake did not end in time."),
  /// The settings of HTTP/2 are not acknowledged.
  SETTINGS_TIME(
      "settings_time",
      Scope.PEER,
      0,
      "The peer did not acknowledge the settings of HTTP/2 in time."),
  /// A connection carries no request.
  IDLE_TIME("idle_time", Scope.PEER, 0, "The connection was idle."),
  /// Peers that are not trusted have too many connections.
  CONNECTIONS(
      "connections", Scope.PEER, 0, "Peers that are not trusted have too many connections."),
  /// Too many control frames for the number of requests.
  CONTROL_FRAMES(
      "control_frames", Scope.PEER, 0, "Too many control frames for the number of requests."),
  /// Too many streams were reset.
  RESETS("resets", Scope.PEER, 0, "Too many streams were reset."),
  /// A header block is too large to be decoded, or has too many small frames.
  HEADER_BLOCK("header_block", Scope.PEER, 0, "The header block is too large."),
  /// The peer broke the rules of HTTP/2 for the connection as a whole.
  PROTOCOL("protocol", Scope.PEER, 0, "The peer does not follow HTTP/2.");

  /// Who can reach a limit.
  public enum Scope {
    /// one request, whoever sent it
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

  /// The limit's name in metrics.
  ///
  /// @return lower-case words joined by underscores
  public String label() {
    return label;
  }

  /// Who can reach it.
  ///
  /// @return the scope
  public Scope scope() {
    return scope;
  }

  /// The status that a request beyond the limit gets.
  ///
  /// @return HTTP status, or 0 where nothing can be sent
  public int status() {
    return status;
  }

  /// What people are told.
  ///
  /// @return one sentence or two
  public String sentence() {
    return sentence;
  }
}
