package dev.postern.accesslog;

import java.util.List;

/// Told of every request, once, when its answer is complete or its client has gone.
@FunctionalInterface
public interface RequestListener {
  /// A request is over. Called on the event loop of its connection, so it must not block.
  ///
  /// @param request the request; its header lines belong to the server and are to be read before
  ///   this method returns
  void completed(CompletedRequest request);

  /// One listener for several.
  ///
  /// @param listeners who is to be told, in this order
  /// @return the listener
  static RequestListener all(List<RequestListener> listeners) {
    List<RequestListener> copy = List.copyOf(listeners);
    if (copy.size() == 1) {
      return copy.getFirst();
    }
    return request -> {
      for (RequestListener listener : copy) {
        listener.completed(request);
      }
    };
  }
}
