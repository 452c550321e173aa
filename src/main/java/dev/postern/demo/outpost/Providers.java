package dev.postern.demo.outpost;

import dev.postern.demo.core.DemoApplication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/// The loaded applications and how a host finds one (docs/design/authentik.md section 3).
final class Providers {
  private final Map<String, Provider> byHost = new LinkedHashMap<>();
  private final List<Provider> all;
  private final boolean singleServesAll;
  private final RandomGenerator mapOrder;

  Providers(List<DemoApplication> applications, boolean standalone) {
    this.all = applications.stream().map(Provider::new).toList();
    all.forEach(provider -> byHost.put(provider.externalHostName(), provider));
    this.singleServesAll = standalone && byHost.size() == 1;
    this.mapOrder = new Random(applications.size());
  }

  Optional<Provider> last() {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /// The application of a host, compared byte for byte. Of equally long cookie domains any one may
  /// be chosen, because Go iterates over its map in random order.
  Optional<Provider> find(String host) {
    Provider exact = byHost.get(host);
    if (exact != null) {
      return Optional.of(exact);
    }
    List<Provider> longest = new ArrayList<>();
    int length = 1;
    for (Provider provider : byHost.values()) {
      String domain = provider.application().cookieDomain();
      String suffix = domain.startsWith(".") ? domain.substring(1) : domain;
      if (!provider.isDomain() || suffix.length() < length || !host.endsWith(suffix)) {
        continue;
      }
      if (suffix.length() > length) {
        longest.clear();
        length = suffix.length();
      }
      longest.add(provider);
    }
    if (!longest.isEmpty()) {
      return Optional.of(longest.get(pick(longest.size())));
    }
    return singleServesAll ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private int pick(int candidates) {
    return candidates == 1 ? 0 : mapOrder.nextInt(candidates);
  }
}
