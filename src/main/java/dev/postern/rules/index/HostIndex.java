package dev.postern.rules.index;

import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.request.RuleRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds the first of many rules that matches a request.
///
/// Rules that name their hosts are found by hash, and if they contain nothing else they are not
/// even evaluated; all others are evaluated in order. Immutable and thread-safe.
///
/// @param <T> type of the values that the rules belong to
public final class HostIndex<T> {
  private static final int[] NOWHERE = {};

  private final List<Ruled<T>> inOrder;
  private final boolean[] sufficient;
  private final Map<String, int[]> byHost;
  private final int[] anyHost;

  /// A rule and its value.
  public record Ruled<T>(T value, CompiledRule rule) {}

  /// The request to match.
  public interface Query {
    /// The host without its port, in lower case; possibly empty.
    String canonicalHost();

    /// The whole request; called only if the host alone does not decide. Null if Traefik rejects
    /// the request before its rules.
    @Nullable RuleRequest request();
  }

  private HostIndex(
      List<Ruled<T>> inOrder, boolean[] sufficient, Map<String, int[]> byHost, int[] anyHost) {
    this.inOrder = inOrder;
    this.sufficient = sufficient;
    this.byHost = byHost;
    this.anyHost = anyHost;
  }

  /// Builds an index.
  ///
  /// @param inOrder the rules in evaluation order
  public static <T> HostIndex<T> of(List<Ruled<T>> inOrder) {
    Map<String, List<Integer>> byHost = new HashMap<>();
    List<Integer> anyHost = new ArrayList<>();
    boolean[] sufficient = new boolean[inOrder.size()];
    for (int i = 0; i < inOrder.size(); i++) {
      int place = i;
      HostBounds bounds = HostBounds.of(inOrder.get(i).rule().rule());
      sufficient[i] = bounds.sufficient();
      if (bounds.limited()) {
        bounds
            .hosts()
            .forEach(host -> byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(place));
      } else {
        anyHost.add(i);
      }
    }
    Map<String, int[]> arrays = HashMap.newHashMap(byHost.size());
    byHost.forEach((host, places) -> arrays.put(host, array(places)));
    return new HostIndex<>(List.copyOf(inOrder), sufficient, Map.copyOf(arrays), array(anyHost));
  }

  private static int[] array(List<Integer> places) {
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Whether there are no rules.
  public boolean isEmpty() {
    return inOrder.isEmpty();
  }

  /// Finds the first rule that matches.
  ///
  /// @param wanted filters the values
  /// @return the value of the rule, or null
  public @Nullable T first(Query query, Predicate<T> wanted) {
    String host = query.canonicalHost();
    if (host.endsWith("..")) {
      // Rules ignore one final dot, so more than one spelling of a rule's host can match here.
      return firstOfAll(query, wanted);
    }
    int[] named = byHost.getOrDefault(HostBounds.plain(host), NOWHERE);
    int n = 0;
    int a = 0;
    while (n < named.length || a < anyHost.length) {
      boolean takeNamed = a == anyHost.length || (n < named.length && named[n] < anyHost[a]);
      int place = takeNamed ? named[n++] : anyHost[a++];
      T value = inOrder.get(place).value();
      if (wanted.test(value) && ((takeNamed && sufficient[place]) || matches(place, query))) {
        return value;
      }
    }
    return null;
  }

  /// Finds every rule that may match some request to a host, without evaluating any.
  ///
  /// @param canonicalHost the host without its port, in lower case
  /// @return the values of the rules, in no particular order
  public List<T> possible(String canonicalHost) {
    List<T> found = new ArrayList<>();
    for (int place : byHost.getOrDefault(HostBounds.plain(canonicalHost), NOWHERE)) {
      found.add(inOrder.get(place).value());
    }
    for (int place : anyHost) {
      found.add(inOrder.get(place).value());
    }
    return found;
  }

  private @Nullable T firstOfAll(Query query, Predicate<T> wanted) {
    for (int place = 0; place < inOrder.size(); place++) {
      T value = inOrder.get(place).value();
      if (wanted.test(value) && matches(place, query)) {
        return value;
      }
    }
    return null;
  }

  private boolean matches(int place, Query query) {
    RuleRequest request = query.request();
    return request != null && inOrder.get(place).rule().matches(request);
  }
}
