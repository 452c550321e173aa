package dev.postern.routing.explain;

import java.util.List;
import java.util.stream.Stream;

/// Why a request is decided as it is.
///
/// @param request the request as Postern would see it, `GET https://app.example.org/`
/// @param application the application that decides it
/// @param configured whether a source describes that application
/// @param because why this application
/// @param shared whether its verdict may serve other hosts
/// @param sharing why it may or may not
/// @param applications all applications that claim the request, the deciding one first
/// @param routers all routers whose rule matches, in the order in which Traefik asks them
/// @param choices which router gets the request, one for each group of entry points
/// @param logged the router that logs and metrics name, or empty
/// @param remarks what else is worth knowing
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

  /// The same with more to say.
  ///
  /// @param more further remarks
  /// @return an explanation that ends with them
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
  /// @param rank its rank within its kind
  /// @param provider its source
  /// @param origin where it stands
  public record ApplicationLine(
      String name, String kind, String claim, long rank, String provider, String origin) {}

  /// A router that matches the request.
  ///
  /// @param name its qualified name
  /// @param rule its rule
  /// @param priority its effective priority
  /// @param configured whether that priority is configured, not the length of the rule
  /// @param entryPoints its entry points; none stands for the default ones
  /// @param tls whether it serves TLS only
  /// @param origin where it stands
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

  /// Which router gets the request.
  ///
  /// @param entryPoints at which entry points; none when it is the same everywhere
  /// @param router its qualified name
  /// @param because why this router
  public record Choice(List<String> entryPoints, String router, String because) {
    public Choice {
      entryPoints = List.copyOf(entryPoints);
    }
  }
}
