package dev.postern.server.edge;

/// Ignores all events.
class NoListener implements EdgeListener {
  @Override
  public void limit(Limit limit, String peer) {}

  @Override
  public void tlsOnPlain(String peer) {}

  @Override
  public void plainOnTls(String peer) {}

  @Override
  public void certificateRefused(String peer, String alert) {}

  @Override
  public void clientCertificateRefused(String peer, String reason) {}

  @Override
  public void acceptFailed(String reason) {}
}
