package dev.postern.routing.source;

import dev.postern.config.Problem;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import java.util.List;

/// The part of polling that differs between APIs: which pages are read, and how they are
/// interpreted.
public interface ApiSource {
  /// The interpreted pages.
  ///
  /// @param snapshot all data of the source
  /// @param leftOut problems with single entries, which are not in the snapshot
  record Loaded(Snapshot snapshot, List<Problem> leftOut) {
    public Loaded {
      leftOut = List.copyOf(leftOut);
    }
  }

  Provider provider();

  /// Reads all pages once.
  ///
  /// @return the pages in a fixed order
  /// @throws ApiFailure if any page cannot be read
  List<ApiPage> fetch(ApiClient client) throws ApiFailure;

  /// Interprets the pages.
  ///
  /// @throws ApiFailure if they do not have the expected content
  Loaded read(List<ApiPage> pages) throws ApiFailure;
}
