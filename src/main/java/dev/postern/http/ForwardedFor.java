package dev.postern.http;

import org.jspecify.annotations.Nullable;

/// The `X-Forwarded-For` header.
public final class ForwardedFor {
  private ForwardedFor() {}

  /// The client that a trusted peer speaks for: the last element, which is the one that the peer
  /// wrote itself (traefik-contract 1.3); those before it are hearsay.
  ///
  /// @param value the header, or null
  /// @param peer address of the peer, for requests without the header
  /// @return the client's address as text
  public static String last(@Nullable String value, String peer) {
    if (value == null) {
      return peer;
    }
    String last = value.substring(value.lastIndexOf(',') + 1).strip();
    return last.isEmpty() ? peer : last;
  }
}
