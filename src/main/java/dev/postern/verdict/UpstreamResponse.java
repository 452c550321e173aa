package dev.postern.verdict;

import dev.postern.net.HeaderLines;

/// A response from the upstream, or one that Postern makes in its place.
public final class UpstreamResponse {
  private final int status;
  private final HeaderLines headers;
  private final byte[] body;

  /// @param headers header lines in order, without connection headers
  /// @param body the whole body; not copied, so the caller must not change it
  public UpstreamResponse(int status, HeaderLines headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  public int status() {
    return status;
  }

  /// The header lines in order, without connection headers.
  public HeaderLines headers() {
    return headers;
  }

  /// The whole body; callers must not change it.
  public byte[] body() {
    return body;
  }
}
