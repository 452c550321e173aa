package dev.postern.routing;

import dev.postern.routing.definition.ProviderState;

/// Told what becomes of the sources and the table; called on the thread of the source, one call at
/// a time.
public interface RoutesListener {
  /// A source was tried.
  ///
  /// @param state how it is doing now
  default void attempted(ProviderState state) {}

  /// There is a new table.
  ///
  /// @param table the new table, which is already in use
  /// @param applicationsChanged whether any application is another than before, so that what was
  ///   remembered must be asked for again (trap 18)
  default void swapped(RouteTable table, boolean applicationsChanged) {}
}
