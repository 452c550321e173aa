package dev.postern.server;

import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;

/// A source with a check of its rate.
///
/// @param progress measures what moves
/// @param whenOver run after the end or the failure was passed on
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
