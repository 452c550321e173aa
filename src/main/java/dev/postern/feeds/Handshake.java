package dev.postern.feeds;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.key.Words;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.security.SecureRandom;

/// The opening handshake of a websocket connection (RFC 6455 section 4).
final class Handshake extends WebSocketClientHandshaker13 {
  /// Limit of the response's status line, and of its header lines together.
  private static final int MAX_HEAD_BYTES = 16 * 1024;

  private final Websocket config;
  private final FrameReader frames;

  /// @param config endpoint, outpost and token
  /// @param instance the uuid by which authentik distinguishes clients
  /// @param maxPayloadBytes limit of one frame's payload
  Handshake(Websocket config, String instance, int maxPayloadBytes) {
    super(
        URI.create("/ws/outpost/" + config.outpost() + "/?instance_uuid=" + instance),
        WebSocketVersion.V13,
        null,
        false,
        defaults(config),
        maxPayloadBytes);
    this.config = config;
    frames = new FrameReader(maxPayloadBytes);
  }

  FrameReader frames() {
    return frames;
  }

  /// Without these two, Netty derives them from the URL, and fails if its host has an underscore.
  private static HttpHeaders defaults(Websocket config) {
    return new DefaultHttpHeaders()
        .set(HttpHeaderNames.HOST, config.endpoint().authority())
        .set(HttpHeaderNames.ORIGIN, "");
  }

  /// HTTP codec used until the websocket is open.
  static HttpClientCodec http() {
    return new HttpClientCodec(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEAD_BYTES)
            .setMaxHeaderSize(MAX_HEAD_BYTES),
        false,
        false);
  }

  /// The upgrade request, without Netty's `Origin` header, which only browsers send.
  @Override
  protected FullHttpRequest newHandshakeRequest() {
    FullHttpRequest netty = super.newHandshakeRequest();
    String key = netty.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .add("Host", config.endpoint().authority())
            .add("Connection", "Upgrade")
            .add("Upgrade", "websocket")
            .add("Sec-WebSocket-Version", "13")
            .add("Sec-WebSocket-Key", key)
            .add("Authorization", "Bearer " + config.token().value())
            .add("User-Agent", "Postern");
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1,
        HttpMethod.GET,
        netty.uri(),
        Unpooled.EMPTY_BUFFER,
        headers,
        EmptyHttpHeaders.INSTANCE);
  }

  @Override
  protected WebSocketFrameDecoder newWebsocketDecoder() {
    return frames;
  }

  /// Clients must mask frames with unpredictable keys (RFC 6455 section 10.3).
  @Override
  protected WebSocketFrameEncoder newWebSocketEncoder() {
    return new WebSocket13FrameEncoder(new SecureRandom()::nextInt);
  }

  /// Validates the response and switches the connection to websocket.
  ///
  /// @param response the response without its body
  /// @throws ConnectionLost if it does not open the websocket, with the fix
  void finish(Channel channel, HttpResponse response) throws ConnectionLost {
    check(response);
    try {
      finishHandshake(
          channel,
          new DefaultFullHttpResponse(
              response.protocolVersion(),
              response.status(),
              Unpooled.EMPTY_BUFFER,
              response.headers(),
              EmptyHttpHeaders.INSTANCE));
    } catch (WebSocketHandshakeException e) {
      throw new ConnectionLost(
          noWebsocket("101 without the right Upgrade, Connection and Sec-WebSocket-Accept"), e);
    }
  }

  private static void check(HttpResponse response) throws ConnectionLost {
    DecoderResult result = response.decoderResult();
    HttpVersion version = response.protocolVersion();
    if (result.isFailure()) {
      throw new ConnectionLost(unreadable(result.cause()), result.cause());
    }
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      throw new ConnectionLost(notHttp());
    }
    String code = response.status().codeAsText().toString();
    if (!code.equals("101")) {
      throw new ConnectionLost(
          refusal(code, response.headers().get(HttpHeaderNames.LOCATION, "").strip()));
    }
  }

  private static String unreadable(Throwable cause) {
    return switch (cause) {
      case TooLongFrameException _ -> noWebsocket("a head above 16 KiB");
      case PrematureChannelClosureException _ -> closed();
      case Throwable _ -> notHttp();
    };
  }

  /// The reason for a connection that closes during the handshake.
  static String closed() {
    return "the connection was closed before the websocket was open";
  }

  private static String notHttp() {
    return noWebsocket("something that is not HTTP");
  }

  private static String refusal(String code, String location) {
    return switch (code) {
      case "401", "403" ->
          "authentik refuses the token (%s); check feeds.websocket.token, that its user may view the outpost, and feeds.websocket.outpost"
              .formatted(code);
      case "404" ->
          "there is no such outpost (404); check feeds.websocket.outpost, and that"
              + " feeds.websocket.endpoint is authentik and not a standalone outpost";
      case "301", "302", "303", "307", "308" ->
          "it redirects (%s) to %s; set feeds.websocket.endpoint to that address if it is authentik's"
              .formatted(code, Words.origin(location));
      case String _ -> noWebsocket(code);
    };
  }

  private static String noWebsocket(String received) {
    return "it answers "
        + received
        + " instead of a websocket; check that feeds.websocket.endpoint is authentik, and that"
        + " proxies in between forward websockets";
  }
}
