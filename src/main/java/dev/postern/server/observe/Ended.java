package dev.postern.server.observe;

import dev.postern.net.RequestHeaders;

/// How a request ended, independent of the server that handled it.
///
/// @param status the status that was sent, or 0 if the client left before a head was sent
/// @param headers the header lines that were sent
/// @param bytesSent bytes of the response's body that were sent
/// @param bytesReceived bytes of the request's body that were received
public record Ended(int status, RequestHeaders headers, long bytesSent, long bytesReceived) {}
