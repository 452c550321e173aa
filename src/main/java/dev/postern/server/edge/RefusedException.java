package dev.postern.server.edge;

/// Ends the reading of a head whose request is refused.
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    // Peers can cause these at will, so do not spend time on a stack trace.
    super(refusal.sentence(), null, false, false);
    this.refusal = refusal;
  }

  static RefusedException malformed(String sentence) {
    return new RefusedException(Refusal.malformed(sentence));
  }

  Refusal refusal() {
    return refusal;
  }
}
