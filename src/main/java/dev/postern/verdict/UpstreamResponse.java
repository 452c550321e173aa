package dev.postern.verdict;

import dev.postern.net.HeaderLines;

/// An answer as it came from the upstream, or as this program gives it in the upstream's place.
public final class UpstreamResponse {
  private final int status;
  private final HeaderLines headers;
  private final byte[] body;

  /// Makes an answer.
  ///
  /// @param status HTTP status
  /// @param headers header lines in order, without those that belong to the connection
  /// @param body the whole body; not copied, so not to be changed
  public UpstreamResponse(int status, HeaderLines headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /// The HTTP status.
  ///
  /// @return a three-digit number
  public int status() {
    return status;
  }

  /// The header lines, without those that belong to the connection.
  ///
  /// @return lines in order
  public HeaderLines headers() {
    return headers;
  }

  /// The whole body.
  ///
  /// @return bytes that are not to be changed
  public byte[] body() {
    return body;
  }
}
