package dev.postern.metrics.traefik;

import dev.postern.net.RequestHeaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The labels that show request headers.
///
/// Clients choose the values, so the number of different values and their length are limited.
final class HeaderLabels {
  private static final int MAX_COMBINATIONS = 1000;
  private static final int MAX_LENGTH = 128;
  private static final String OTHER = "other";

  private final List<String> labels;
  private final List<String> headers;
  private final List<String> others;
  private final Set<List<String>> seen = ConcurrentHashMap.newKeySet();

  /// @param headerByLabel the header that each label shows
  HeaderLabels(Map<String, String> headerByLabel) {
    Map<String, String> sorted = new TreeMap<>(headerByLabel);
    labels = List.copyOf(sorted.keySet());
    headers = List.copyOf(sorted.values());
    others = Collections.nCopies(labels.size(), OTHER);
  }

  List<String> labels() {
    return labels;
  }

  /// The values for one request, in the order of the labels.
  List<String> values(RequestHeaders request) {
    if (labels.isEmpty()) {
      return List.of();
    }
    List<String> values = new ArrayList<>(headers.size());
    for (String header : headers) {
      String value = request.first(header);
      String text = value == null ? "" : value;
      values.add(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text);
    }
    boolean isKnown = seen.contains(values) || (seen.size() < MAX_COMBINATIONS && add(values));
    return isKnown ? values : others;
  }

  private boolean add(List<String> values) {
    seen.add(List.copyOf(values));
    return true;
  }
}
