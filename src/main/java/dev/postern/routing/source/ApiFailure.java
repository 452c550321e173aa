package dev.postern.routing.source;

/// An API could not be read. The message is one sentence for the operator: the request, the
/// failure, and the fix. It contains no secret and nothing that the other side has sent, except
/// numbers and the host of a redirect.
public final class ApiFailure extends Exception {
  private static final long serialVersionUID = 1L;

  ApiFailure(String sentence) {
    super(sentence);
  }

  ApiFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
