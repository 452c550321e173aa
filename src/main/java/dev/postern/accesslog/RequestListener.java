package dev.postern.accesslog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Told of every request, once, when its answer is complete or its client has gone.
@FunctionalInterface
public interface RequestListener {
  /// A request is over. Called on the I/O thread of its connection, so it must not block.
  ///
  /// @param request the request; its header lines belong to the server and are to be read before
  ///   this method returns
  void completed(CompletedRequest request);

  /// One listener for several.
  ///
  /// @param listeners who is to be told, in this order
  /// @return the listener, or null when there is nobody, so that nothing need be recorded
  static @Nullable RequestListener all(List<RequestListener> listeners) {
    List<RequestListener> copy = List.copyOf(listeners);
    return switch (copy.size()) {
      case 0 -> null;
      case 1 -> copy.getFirst();
      default ->
          request -> {
            for (RequestListener listener : copy) {
              listener.completed(request);
            }
          };
    };
  }
}
