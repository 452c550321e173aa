package dev.postern.routing.source;

import dev.postern.config.Problem;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import java.util.List;

/// What is particular to one API: which pages are read, and what they mean.
public interface ApiSource {
  /// What pages mean.
  ///
  /// @param snapshot everything that the source knows
  /// @param leftOut what is wrong with single parts, which are not in the snapshot
  record Loaded(Snapshot snapshot, List<Problem> leftOut) {
    public Loaded {
      leftOut = List.copyOf(leftOut);
    }
  }

  /// Which source it is.
  ///
  /// @return the source that the routes know it by
  Provider provider();

  /// Reads all pages once.
  ///
  /// @param client asks
  /// @return the pages in an order that is always the same
  /// @throws ApiFailure if any of them cannot be had
  List<ApiPage> fetch(ApiClient client) throws ApiFailure;

  /// Makes sense of the pages.
  ///
  /// @param pages what was fetched
  /// @return what they mean
  /// @throws ApiFailure if they are not what they should be
  Loaded read(List<ApiPage> pages) throws ApiFailure;
}
