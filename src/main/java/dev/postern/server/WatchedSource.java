package dev.postern.server;

import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;

/// A source whose pace is watched.
///
/// @param source where the body comes from
/// @param progress counts what moves
/// @param whenOver run after the end or the failure has been passed on
record WatchedSource(BodySource source, Progress progress, Runnable whenOver)
    implements BodySource {
  @Override
  public void start(BodySink sink) {
    source.start(new WatchedSink(sink, progress, whenOver));
  }

  @Override
  public void resume() {
    progress.resumed();
    source.resume();
  }

  @Override
  public void cancel() {
    source.cancel();
  }
}
