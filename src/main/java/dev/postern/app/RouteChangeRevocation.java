package dev.postern.app;

import dev.postern.routing.RouteTable;
import dev.postern.routing.RoutesListener;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Revocations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes all entries when applications change, and logs it.
final class RouteChangeRevocation implements RoutesListener {
  private static final Logger LOG = LoggerFactory.getLogger(RouteChangeRevocation.class);

  private final Revocations revocations;

  RouteChangeRevocation(Revocations revocations) {
    this.revocations = revocations;
  }

  @Override
  public void swapped(RouteTable table, boolean applicationsChanged) {
    int removed = applicationsChanged ? revocations.all(RevocationSource.CONFIGURATION) : 0;
    LOG.atInfo()
        .addKeyValue("routers", table.routers().size())
        .addKeyValue("applications", table.applications().size())
        .addKeyValue("forgotten", removed)
        .log("Routers and applications are in effect");
  }
}
