import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The floor for the comparisons: Netty, and one response that is ready to send.
///
///     java -cp 'target/postern/lib/*' src/bench/BareServer.java PORT TLS_PORT CERT KEY RESPONSE
///
/// RESPONSE is a file with the header lines of the response. Requests are read as far as the end of
/// their head and not looked at.
final class BareServer {
  private BareServer() {}

  static void main(String[] args) throws Exception {
    List<String> lines = Files.readAllLines(Path.of(args[4]), ISO_8859_1);
    ByteBuf text = text(lines);
    ByteBuf block = block(lines);
    SslContext tls = tls(new File(args[2]), new File(args[3]));
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    bind(loops, Integer.parseInt(args[0]), pipeline -> plain(pipeline, text));
    bind(
        loops,
        Integer.parseInt(args[1]),
        pipeline ->
            pipeline.addLast(
                tls.newHandler(io.netty.buffer.ByteBufAllocator.DEFAULT), http2(block)));
    Thread.currentThread().join();
  }

  private interface Pipeline {
    void fill(ChannelPipeline pipeline);
  }

  private static void bind(MultiThreadIoEventLoopGroup loops, int port, Pipeline filled)
      throws Exception {
    new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                filled.fill(channel.pipeline());
              }
            })
        .bind("127.0.0.1", port)
        .sync();
  }

  private static SslContext tls(File certificate, File key) throws Exception {
    return SslContextBuilder.forServer(certificate, key)
        .sslProvider(SslProvider.JDK)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                "h2"))
        .build();
  }

  private static void plain(ChannelPipeline pipeline, ByteBuf response) {
    pipeline.addLast(
        new HttpRequestDecoder(new HttpDecoderConfig().setMaxHeaderSize(1 << 20)),
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof LastHttpContent) {
              context.write(response.retainedDuplicate(), context.voidPromise());
            }
            ReferenceCountUtil.release(message);
          }

          @Override
          public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
          }
        });
  }

  private static Http2ConnectionHandler http2(ByteBuf block) {
    var connection = new DefaultHttp2Connection(true);
    return new Builder(connection, block).build();
  }

  private static final class Builder
      extends io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder<
          Http2ConnectionHandler, Builder> {
    Builder(DefaultHttp2Connection connection, ByteBuf block) {
      connection(connection);
      initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(1000));
      frameListener(
          new Http2FrameAdapter() {
            @Override
            public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
              respond(context, connection, block, stream);
            }
          });
    }

    @Override
    protected Http2ConnectionHandler build(
        io.netty.handler.codec.http2.Http2ConnectionDecoder decoder,
        io.netty.handler.codec.http2.Http2ConnectionEncoder encoder,
        Http2Settings settings) {
      return new Http2ConnectionHandler(decoder, encoder, settings) {
        @Override
        public void channelReadComplete(ChannelHandlerContext context) throws Exception {
          super.channelReadComplete(context);
          context.flush();
        }
      };
    }

    @Override
    protected Http2ConnectionHandler build() {
      return super.build();
    }
  }

  private static void respond(
      ChannelHandlerContext context, DefaultHttp2Connection connection, ByteBuf block, int stream) {
    int size = block.readableBytes();
    ByteBuf frame = context.alloc().buffer(9 + size);
    frame.writeMedium(size).writeByte(1).writeByte(5).writeInt(stream);
    frame.writeBytes(block, block.readerIndex(), size);
    context.write(frame, context.voidPromise());
    connection.stream(stream).close();
  }

  private static ByteBuf text(List<String> lines) {
    return Unpooled.unreleasableBuffer(
        Unpooled.directBuffer()
            .writeBytes(
                ("HTTP/1.1 200 OK\r\n" + String.join("\r\n", lines) + "\r\n\r\n")
                    .getBytes(ISO_8859_1)));
  }

  /// `:status: 200` and literals that are not indexed (RFC 7541 section 6.2.2).
  private static ByteBuf block(List<String> lines) {
    var out = new ByteArrayOutputStream();
    out.write(0x88);
    for (String line : lines) {
      String[] parts = line.split(": ?", 2);
      out.write(0);
      string(out, parts[0].toLowerCase(Locale.ROOT));
      string(out, parts[1]);
    }
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer().writeBytes(out.toByteArray()));
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    int rest = bytes.length;
    if (rest < 127) {
      out.write(rest);
    } else {
      out.write(127);
      for (rest -= 127; rest >= 128; rest >>>= 7) {
        out.write(rest & 127 | 128);
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }
}
