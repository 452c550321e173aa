package dev.postern.metrics.traefik;

import dev.postern.accesslog.CompletedRequest;
import java.util.List;
import java.util.Map;

/// The label values that all groups share, encoded as a number: equal labels give equal numbers.
final class Measured {
  private static final List<Method> METHODS = List.of(Method.values());
  private static final List<Protocol> PROTOCOLS = List.of(Protocol.values());
  private static final int METHOD_BITS = 4;
  private static final int PROTOCOL_BITS = 3;

  private Measured() {}

  static int of(CompletedRequest request) {
    Protocol protocol = Protocol.of(request.request());
    int code =
        protocol.isGrpc()
            ? GrpcCode.of(request.answer().headers().first("Grpc-Status"))
            : request.answer().status();
    int method = METHODS.indexOf(Method.of(request.request().method()));
    return (((code << METHOD_BITS) | method) << PROTOCOL_BITS) | PROTOCOLS.indexOf(protocol);
  }

  /// The labels and values that a number encodes.
  static Map<String, String> labels(int measured) {
    int code = measured >> (PROTOCOL_BITS + METHOD_BITS);
    Method method = METHODS.get((measured >> PROTOCOL_BITS) & ((1 << METHOD_BITS) - 1));
    Protocol protocol = PROTOCOLS.get(measured & ((1 << PROTOCOL_BITS) - 1));
    return Map.of(
        "code", Integer.toString(code), "method", method.name(), "protocol", protocol.text());
  }
}
