package dev.postern.server.edge;
public class Scratch {
  public static void main(String[] a) throws Exception {
    EdgeStage tls = EdgeStage.tls(java.nio.file.Files.createTempDirectory("x"));
    EdgeStage plain = EdgeStage.plain();
    System.out.println(plain.port() + " " + tls.port());
    java.util.concurrent.Executors.newSingleThreadExecutor().submit(() -> { while (true) System.out.println(System.currentTimeMillis()/1000 + " " + tls.events.take()); });
    Thread.sleep(Long.parseLong(a[0]) * 1000);
    System.exit(0);
  }
}
