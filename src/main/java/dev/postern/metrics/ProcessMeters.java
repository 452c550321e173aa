package dev.postern.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.client.Collector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Process metrics with the names of Go's client, as far as the operating system supplies them.
final class ProcessMeters extends Collector {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern SIZE = Pattern.compile("(?m)^(VmRSS|VmSize):\\s+(\\d+) kB$");
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(
        gauge(
            "process_start_time_seconds",
            "Start time of the process, Unix time.",
            ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      families.add(
          family(
              "process_cpu_seconds_total",
              Type.COUNTER,
              "CPU time of the process.",
              unix.getProcessCpuTime() / NANOS_PER_SECOND));
      families.add(
          gauge(
              "process_open_fds",
              "Open file descriptors.",
              (double) unix.getOpenFileDescriptorCount()));
      families.add(
          gauge(
              "process_max_fds",
              "Maximum number of open file descriptors.",
              (double) unix.getMaxFileDescriptorCount()));
    }
    addSizes(families);
    return families;
  }

  private static void addSizes(List<MetricFamilySamples> families) {
    try {
      Matcher matcher = SIZE.matcher(Files.readString(STATUS));
      while (matcher.find()) {
        boolean isResident = matcher.group(1).equals("VmRSS");
        families.add(
            gauge(
                isResident ? "process_resident_memory_bytes" : "process_virtual_memory_bytes",
                isResident ? "Resident memory size." : "Virtual memory size.",
                Long.parseLong(matcher.group(2)) * 1024.0));
      }
    } catch (IOException _) {
      // Only Linux supplies these; elsewhere the two families are absent, as with Go's client.
    }
  }

  private static MetricFamilySamples gauge(String name, String help, double value) {
    return family(name, Type.GAUGE, help, value);
  }

  private static MetricFamilySamples family(String name, Type type, String help, double value) {
    return new MetricFamilySamples(
        name,
        type,
        help,
        List.of(new MetricFamilySamples.Sample(name, List.of(), List.of(), value)));
  }
}
