package dev.postern.routing.explain;

import dev.postern.config.key.GoDuration;
import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import dev.postern.routing.HostSpelling;
import dev.postern.routing.RouteTable;
import dev.postern.routing.RouteTable.Listed;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Explains why an application was selected, and whether its verdict may be shared.
final class ApplicationReasons {
  private final ForwardedRequest request;
  private final Application chosen;
  private final List<Listed> claiming;

  ApplicationReasons(ForwardedRequest request, Application chosen, List<Listed> claiming) {
    this.request = request;
    this.chosen = chosen;
    this.claiming = claiming;
  }

  static String kind(Kind kind) {
    return switch (kind) {
      case INDIVIDUAL -> "individual";
      case CATCH_ALL -> "catchAll";
    };
  }

  static String claim(Claim claim) {
    return switch (claim) {
      case Claim.Matching(String text, _) -> text;
      case Claim.OneHost(String host) -> host;
      case Claim.Domain(String domain) -> "cookieDomain " + domain;
    };
  }

  String because() {
    if (claiming.isEmpty()) {
      return "no configured application claims it, so the exact host is an application of its own";
    }
    if (claiming.size() == 1) {
      return "no other application claims it";
    }
    Listed first = claiming.getFirst();
    Listed second = claiming.get(1);
    String other = second.application().name();
    if (first.definition().kind() != second.definition().kind()) {
      return "individual applications always come before catch-alls such as " + other;
    }
    if (first.definition().kind() == Kind.INDIVIDUAL) {
      if (second.definition().claim() instanceof Claim.OneHost) {
        return "applications with a rule come before those with a host, here " + other;
      }
      if (first.provider() != second.provider()) {
        return "applications in files come before those in Traefik's API, here " + other;
      }
    }
    if (first.definition().rank() != second.definition().rank()) {
      return rank(first.definition())
          + " ranks higher than the "
          + rank(second.definition())
          + " of "
          + other;
    }
    return first.definition().kind() == Kind.INDIVIDUAL
        ? rank(first.definition()) + " equals that of " + other + ", and its name comes first"
        : rank(first.definition())
            + " equals that of "
            + other
            + ": the identity provider may choose either";
  }

  private static String rank(ApplicationDefinition definition) {
    if (definition.priority() != 0) {
      return "priority " + definition.priority();
    }
    return switch (definition.claim()) {
      case Claim.Matching _ -> "rule of " + definition.rank() + " bytes";
      case Claim.OneHost _ -> "host of " + definition.rank() + " characters";
      case Claim.Domain _ -> "domain of " + definition.rank() + " characters";
    };
  }

  String sharing() {
    if (claiming.isEmpty()) {
      return "a verdict for this host is used for this host only";
    }
    Listed first = claiming.getFirst();
    if (first.definition().kind() == Kind.INDIVIDUAL) {
      return "a verdict of an individual application is used for its own host only";
    }
    if (chosen.policy().shared()) {
      return "a verdict is also used for other hosts of this catch-all, once the identity provider"
          + " itself has decided a request to that host within cache.ttl";
    }
    if (!first.definition().share()) {
      return "the catch-all does not set share: true";
    }
    if (first.provider() != Provider.FILE) {
      return "share: true is accepted in a file only, not from an API";
    }
    if (claiming.size() > 1 && claiming.get(1).definition().rank() == first.definition().rank()) {
      return "two catch-alls have equal rank, and the identity provider may choose either";
    }
    return first.application().policy().shared()
        ? "an individual application may claim requests to this host"
        : "authentik has more than one application for this domain";
  }

  List<String> remarks(RouteTable table) {
    List<String> remarks = new ArrayList<>();
    String host = request.host();
    String plain = HostSpelling.plain(host);
    if (!plain.equals(host) && !chosen.configured()) {
      boolean isKnown = table.applications().stream().anyMatch(one -> mayMean(one, plain));
      if (isKnown) {
        remarks.add(
            "The host is compared exactly, as the identity provider does: written as "
                + plain
                + " it may belong to another application, whose restrictions apply here, too.");
      }
    }
    Duration ttl = chosen.policy().ttl();
    if (ttl != null) {
      remarks.add("A verdict is stored for at most " + GoDuration.text(ttl) + ".");
    }
    if (!chosen.policy().slug().isEmpty()) {
      remarks.add(
          "A verdict is stored only if the identity provider names the application "
              + chosen.policy().slug()
              + ".");
    }
    return remarks;
  }

  private static boolean mayMean(Listed one, String plain) {
    return switch (one.definition().claim()) {
      case Claim.Matching(String text, _) -> text.contains(plain);
      case Claim.OneHost(String known) -> known.equals(plain);
      case Claim.Domain(String domain) -> plain.equals(domain) || plain.endsWith("." + domain);
    };
  }
}
