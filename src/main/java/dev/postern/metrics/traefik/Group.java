package dev.postern.metrics.traefik;

import dev.postern.accesslog.CompletedRequest;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;

/// The metric families of entry points, of routers or of services.
///
/// @param <K> the key of a member
final class Group<K> extends Collector {
  private final GroupFamilies families;
  private final Function<K, Map<String, String>> own;
  private final Predicate<Member> isCurrent;
  private final ConcurrentMap<K, Member> members = new ConcurrentHashMap<>();

  /// Creates a group without members.
  ///
  /// @param families names of the families
  /// @param own the labels that identify a member
  /// @param isCurrent whether a member is still configured
  Group(GroupFamilies families, Function<K, Map<String, String>> own, Predicate<Member> isCurrent) {
    this.families = families;
    this.own = own;
    this.isCurrent = isCurrent;
  }

  void record(K key, int measured, CompletedRequest request) {
    Member member = members.get(key);
    if (member == null) {
      member = members.computeIfAbsent(key, added -> new Member(families, own.apply(added)));
    }
    member.record(measured, request);
  }

  /// The current samples. A member that is no longer configured appears once more and is then
  /// removed, so that its last requests are scraped (docs/design/traefik.md section 4.4).
  @Override
  public List<MetricFamilySamples> collect() {
    GroupFamilies.Collected collected = GroupFamilies.Collected.empty();
    List<Map.Entry<K, Member>> all = new ArrayList<>(members.entrySet());
    all.sort(Comparator.comparing(entry -> entry.getKey().toString()));
    for (Map.Entry<K, Member> entry : all) {
      Member member = entry.getValue();
      boolean isLast = !isCurrent.test(member);
      member.addTo(collected);
      if (isLast) {
        members.remove(entry.getKey(), member);
      }
    }
    return families.families(collected);
  }
}
