package dev.postern.routing;

import dev.postern.routing.definition.ProviderState;

/// Notified of changes of the sources and the table. Called on the source's thread, one call at a
/// time.
public interface RoutesListener {
  /// A load was attempted.
  ///
  /// @param state the source's state after it
  default void attempted(ProviderState state) {}

  /// A new table is in use.
  ///
  /// @param applicationsChanged whether any application has changed, so that stored verdicts must
  ///   be revalidated (trap 18)
  default void swapped(RouteTable table, boolean applicationsChanged) {}
}
