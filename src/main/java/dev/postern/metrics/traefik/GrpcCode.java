package dev.postern.metrics.traefik;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The status of a gRPC response (docs/design/traefik.md section 4.3).
final class GrpcCode {
  /// The code if there is no status.
  private static final int UNKNOWN = 2;

  private static final List<String> NAMES =
      List.of(
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private GrpcCode() {}

  /// Parses the header `Grpc-Status`: a number, or a name in quotes.
  static int of(@Nullable String status) {
    if (status == null) {
      return UNKNOWN;
    }
    if (status.length() > 2 && status.startsWith("\"") && status.endsWith("\"")) {
      int named = NAMES.indexOf(status.substring(1, status.length() - 1));
      return named < 0 ? UNKNOWN : named;
    }
    boolean isNumber = status.matches("\\d{1,9}");
    int number = isNumber ? Integer.parseInt(status) : UNKNOWN;
    return number < NAMES.size() ? number : UNKNOWN;
  }
}
