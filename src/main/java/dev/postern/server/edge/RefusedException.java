package dev.postern.server.edge;

/// A request that is not served, thrown while its head is read.
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    // Peers cause these at will: a stack trace would only cost time.
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
