package dev.postern;

import dev.postern.config.Problem;
import dev.postern.routing.RouteTable;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import dev.postern.verdict.Feed;
import dev.postern.verdict.Revocations;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends what was remembered when applications change, and logs how the sources are doing: each
/// change once.
final class RoutesLog implements RoutesListener {
  private static final Logger LOG = LoggerFactory.getLogger(RoutesLog.class);

  private final Revocations revocations;
  private final Map<Provider, List<Problem>> told = new EnumMap<>(Provider.class);
  private final Map<Provider, Boolean> failing = new EnumMap<>(Provider.class);

  RoutesLog(Revocations revocations) {
    this.revocations = revocations;
  }

  @Override
  public void attempted(ProviderState state) {
    Provider provider = state.provider();
    boolean wasFailing = failing.getOrDefault(provider, false);
    failing.put(provider, state.failing());
    List<Problem> before = told.put(provider, state.problems());
    if (!state.problems().equals(before)) {
      String log = state.failing() ? "Not loaded, the last good load counts: " : "Left out: ";
      state
          .problems()
          .forEach(problem ->
              LOG.atWarn()
                  .addKeyValue("provider", provider.text())
                  .log(log + LogText.escape(problem.toString())));
    }
    if (wasFailing && !state.failing()) {
      LOG.atInfo().addKeyValue("provider", provider.text()).log("Loads again");
    }
  }

  @Override
  public void swapped(RouteTable table, boolean applicationsChanged) {
    int forgotten = applicationsChanged ? revocations.all(Feed.CONFIGURATION) : 0;
    LOG.atInfo()
        .addKeyValue("routers", table.routers().size())
        .addKeyValue("applications", table.applications().size())
        .addKeyValue("forgotten", forgotten)
        .log("Routers and applications taken over");
  }
}
