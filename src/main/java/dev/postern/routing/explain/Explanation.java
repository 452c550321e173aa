package dev.postern.routing.explain;

import java.util.List;
import java.util.stream.Stream;

/// How a request is treated, and why.
///
/// @param request the request as Postern would see it, `GET https://app.example.org/`
/// @param application the selected application
/// @param configured whether a source defines that application
/// @param because why this application was selected
/// @param shared whether its verdict may be used for other hosts
/// @param sharing why it may or may not
/// @param applications all applications that claim the request, the selected one first
/// @param routers all routers whose rule matches, in Traefik's order
/// @param choices which router handles the request, one for each group of entry points
/// @param logged the router in logs and metrics, or empty
/// @param remarks further notes
public record Explanation(
    String request,
    String application,
    boolean configured,
    String because,
    boolean shared,
    String sharing,
    List<ApplicationLine> applications,
    List<RouterLine> routers,
    List<Choice> choices,
    String logged,
    List<String> remarks) {
  public Explanation {
    applications = List.copyOf(applications);
    routers = List.copyOf(routers);
    choices = List.copyOf(choices);
    remarks = List.copyOf(remarks);
  }

  /// The same with further notes at the end.
  public Explanation plus(List<String> more) {
    return new Explanation(
        request,
        application,
        configured,
        because,
        shared,
        sharing,
        applications,
        routers,
        choices,
        logged,
        Stream.concat(remarks.stream(), more.stream()).toList());
  }

  /// An application that claims the request.
  ///
  /// @param name its name
  /// @param kind `individual` or `catchAll`
  /// @param claim its rule, host or domain
  /// @param origin where it is defined
  public record ApplicationLine(
      String name, String kind, String claim, long rank, String provider, String origin) {}

  /// A router that matches the request.
  ///
  /// @param name its qualified name
  /// @param priority its effective priority
  /// @param configured whether the priority is configured; otherwise it is the length of the rule
  /// @param entryPoints its entry points; empty for the default ones
  /// @param tls whether it serves TLS only
  /// @param origin where it is defined
  public record RouterLine(
      String name,
      String rule,
      long priority,
      boolean configured,
      List<String> entryPoints,
      boolean tls,
      String origin) {
    public RouterLine {
      entryPoints = List.copyOf(entryPoints);
    }
  }

  /// Which router handles the request.
  ///
  /// @param entryPoints at which entry points; empty when it is the same at all of them
  /// @param router its qualified name
  /// @param because why this router
  public record Choice(List<String> entryPoints, String router, String because) {
    public Choice {
      entryPoints = List.copyOf(entryPoints);
    }
  }
}
