package dev.postern.routing.source.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reports file system events in directories immediately. Missed events are found later by polling
/// a [Fingerprint].
final class DirectoryEvents implements AutoCloseable {
  private static final WatchEvent.Kind<?>[] KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();

  private DirectoryEvents(WatchService service) {
    this.service = service;
  }

  /// Starts a thread that waits for events.
  ///
  /// @param service the file system's watch service, closed with this
  /// @param changed called on that thread, once for a batch of events
  static DirectoryEvents start(WatchService service, Runnable changed) {
    var events = new DirectoryEvents(service);
    Thread.ofVirtual().name("rules-events").start(() -> events.run(changed));
    return events;
  }

  private void run(Runnable changed) {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        key.reset();
        changed.run();
      }
    } catch (ClosedWatchServiceException _) {
      // Closed by the provider.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Watches exactly these directories.
  ///
  /// @throws IOException if the system cannot watch more
  synchronized void watch(List<Path> directories) throws IOException {
    keys.values().removeIf(key -> !key.isValid());
    for (Path path : List.copyOf(keys.keySet())) {
      WatchKey key = keys.get(path);
      if (key != null && !directories.contains(path)) {
        keys.remove(path);
        key.cancel();
      }
    }
    for (Path directory : directories) {
      // Registering again is necessary to detect a replaced directory.
      keys.put(directory, directory.register(service, KINDS));
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
