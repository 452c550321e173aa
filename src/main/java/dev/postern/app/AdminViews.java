package dev.postern.app;

import dev.postern.config.StaticConfig;
import dev.postern.verdict.ApplicationEntries;
import dev.postern.verdict.VerdictCache;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the admin API shows of the cache and the configuration.
final class AdminViews {
  /// Names of applications are hosts that clients choose, and nobody reads more of them.
  private static final int MAX_APPLICATIONS = 100;

  private AdminViews() {}

  /// `/api/entries`: counts, in all and of the applications with most of them. Nothing that says
  /// who somebody is, and no credential.
  static Map<String, ?> entries(VerdictCache cache, long maxBytes) {
    List<ApplicationEntries> all =
        cache.entriesByApplication().stream()
            .sorted(
                Comparator.comparingLong(ApplicationEntries::entries)
                    .reversed()
                    .thenComparing(ApplicationEntries::application))
            .toList();
    List<ApplicationEntries> shown = all.subList(0, Math.min(MAX_APPLICATIONS, all.size()));
    List<ApplicationEntries> rest = all.subList(shown.size(), all.size());
    Map<String, Object> view = new LinkedHashMap<>();
    // Counted here: the cache's own count follows a revocation a moment later.
    view.put("entries", sum(all));
    view.put("bytes", cache.entryBytes());
    view.put("maxBytes", maxBytes);
    view.put("applications", shown.stream().map(AdminViews::row).toList());
    view.put("applicationsNotShown", rest.size());
    view.put("entriesNotShown", sum(rest));
    return view;
  }

  private static long sum(List<ApplicationEntries> counts) {
    return counts.stream().mapToLong(ApplicationEntries::entries).sum();
  }

  private static Map<String, ?> row(ApplicationEntries count) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("application", count.application());
    row.put("entries", count.entries());
    row.put("bytes", count.bytes());
    return row;
  }

  /// `/api/config`: what is in effect, by section, as in the start-up log; secrets are `***`.
  static Map<String, ?> config(StaticConfig config) {
    return config.effective().sections();
  }
}
