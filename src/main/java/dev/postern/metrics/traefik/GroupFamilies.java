package dev.postern.metrics.traefik;

import dev.postern.metrics.exposition.Durations;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The names of the five families of one group, and of their labels.
final class GroupFamilies {
  private static final List<String> MEASURED = List.of("code", "method", "protocol");
  private static final List<String> TLS = List.of("tls_cipher", "tls_version");

  /// A counter's family.
  record Counters(String name, String help, Labels labels) {
    Sample sample(List<String> values, long value) {
      return new Sample(name, labels.names(), values, (double) value);
    }
  }

  /// The samples of one collection of a group.
  record Collected(
      List<Sample> requests,
      List<Sample> tls,
      List<Sample> durations,
      List<Sample> received,
      List<Sample> sent) {
    static Collected empty() {
      return new Collected(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  final Counters requests;
  final Counters tls;
  final Counters received;
  final Counters sent;
  final Labels labels;
  final Durations.Names durationNames;
  final Durations.Bounds bounds;
  final HeaderLabels headerLabels;
  private final String durations;
  private final String durationsHelp;

  /// @param prefix namespace and group
  /// @param whose the group as a phrase for help texts
  /// @param own labels that identify the members of the group
  /// @param bounds upper bounds of durations
  /// @param headerLabels labels that show request headers
  GroupFamilies(
      String prefix,
      String whose,
      List<String> own,
      Durations.Bounds bounds,
      HeaderLabels headerLabels) {
    this.bounds = bounds;
    this.headerLabels = headerLabels;
    labels = Labels.of(Stream.concat(MEASURED.stream(), own.stream()));
    Labels withHeaders =
        Labels.of(Stream.concat(labels.names().stream(), headerLabels.labels().stream()));
    Labels tlsLabels = Labels.of(Stream.concat(TLS.stream(), own.stream()));
    requests =
        new Counters(
            prefix + "_requests_total", "Forwarded requests handled" + whose + ".", withHeaders);
    tls =
        new Counters(
            prefix + "_requests_tls_total",
            "Forwarded requests over TLS" + whose + ", by version and cipher.",
            tlsLabels);
    received =
        new Counters(
            prefix + "_requests_bytes_total", "Bytes of request bodies read" + whose + ".", labels);
    sent =
        new Counters(
            prefix + "_responses_bytes_total",
            "Bytes of response bodies sent" + whose + ".",
            labels);
    durations = prefix + "_request_duration_seconds";
    durationsHelp = "Time from a request's head to the last byte of its response" + whose + ".";
    durationNames = Durations.Names.of(durations, labels.names());
  }

  List<MetricFamilySamples> families(Collected collected) {
    return List.of(
        family(requests, collected.requests()),
        family(tls, collected.tls()),
        new MetricFamilySamples(
            durations, Collector.Type.HISTOGRAM, durationsHelp, collected.durations()),
        family(received, collected.received()),
        family(sent, collected.sent()));
  }

  private static MetricFamilySamples family(Counters counters, List<Sample> samples) {
    return new MetricFamilySamples(
        counters.name(), Collector.Type.COUNTER, counters.help(), samples);
  }
}
