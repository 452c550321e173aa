package dev.postern.upstream;

/// Told what the connections to the upstream do; no-ops unless overridden, never to block.
public interface UpstreamListener {
  /// A call had to wait for a place.
  default void queued() {}

  /// A call found no place to wait.
  default void rejected() {}
}
