package dev.postern.routing.source.file;

import dev.postern.config.Problem;
import dev.postern.config.key.Unreadable;
import dev.postern.config.key.Words;
import dev.postern.routing.definition.Snapshot;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Logs the outcome of loads; the same message is not logged twice in a row.
final class RulesLog {
  private static final int MOST = 20;

  private final Logger log;
  private final String path;
  private List<Problem> saidProblems = List.of();
  private List<Problem> saidWarnings = List.of();
  private @Nullable Snapshot saidSnapshot;
  private boolean isEventsMissingSaid;

  RulesLog(Logger log, Path path) {
    this.log = log;
    this.path = Words.printable(path.toString());
  }

  void failed(List<Problem> problems) {
    if (problems.equals(saidProblems)) {
      return;
    }
    saidProblems = problems;
    log.error(
        "The rules in {} cannot be used; the last good ones stay in use; problems: {}",
        path,
        problems.size());
    problems.stream().limit(MOST).forEach(problem -> log.error("{}", problem));
    if (problems.size() > MOST) {
      log.error("and {} more; postern validate {} shows all", problems.size() - MOST, path);
    }
  }

  void unexpected(List<Problem> problems, Throwable e) {
    if (!problems.equals(saidProblems)) {
      log.error("Reading the rules in {} failed unexpectedly", path, e);
    }
    failed(problems);
  }

  void loaded(Snapshot snapshot, List<Problem> warnings) {
    if (!saidProblems.isEmpty() || !snapshot.equals(saidSnapshot)) {
      saidSnapshot = snapshot;
      log.info(
          "Rules loaded from {}: {}, {}",
          path,
          Words.count(snapshot.routers().size(), "router"),
          Words.count(snapshot.applications().size(), "application"));
    }
    saidProblems = List.of();
    if (!warnings.equals(saidWarnings)) {
      saidWarnings = warnings;
      warnings.stream().limit(MOST).forEach(warning -> log.warn("{}", warning));
    }
  }

  void eventsMissing(Exception e) {
    if (!isEventsMissingSaid) {
      isEventsMissingSaid = true;
      log.warn(
          "Changes below {} are detected by polling every few seconds, because the system reports"
              + " no events: {}",
          path,
          Unreadable.why(e));
    }
  }
}
