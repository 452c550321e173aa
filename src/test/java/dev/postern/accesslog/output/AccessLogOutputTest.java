package dev.postern.accesslog.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.accesslog.line.LineMaker;
import dev.postern.config.AccessLogConfig;
import dev.postern.config.AccessLogConfig.BufferingPolicy;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.net.Endpoint;
import dev.postern.testing.AccessLogs;
import dev.postern.testing.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Writing lines with a working disk, with a failing one, and during log rotation.
@Timeout(120)
class AccessLogOutputTest {
  private static final int SIZE = 64;
  private static final int LINES_A_FILE = 4_800;
  private static final Duration RETRY = Duration.ofMillis(5);

  @TempDir Path directory;

  private static AccessLog start(Path file, int size, BufferingPolicy policy) {
    AccessLogConfig config = AccessLogs.of(Format.COMMON, file, AccessLogs.USUAL, size, policy);
    LineMaker maker = new LineMaker(config, Endpoint.of("http://outpost:9000"), ZoneOffset.UTC);
    return AccessLog.start(config, maker, System::nanoTime, RETRY);
  }

  /// The request counts of a file's lines; every line must be complete.
  private static List<Long> counts(Path file) throws IOException {
    List<Long> counts = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      assertThat(line).startsWith("192.0.2.7 - alice [").endsWith(" \"-\" \"-\" 1ms");
      counts.add(Long.parseLong(line.split("\" ", -1)[3].split(" ", -1)[0]));
    }
    return counts;
  }

  @Test
  void close_afterLines_hasWrittenAll() throws IOException {
    Path file = directory.resolve("sub/dir/access.log");
    try (AccessLog log = start(file, 0, BufferingPolicy.DROP)) {
      for (long i = 1; i <= 100; i++) {
        log.completed(Requests.numbered(i));
      }
    }
    assertThat(counts(file)).containsExactlyElementsOf(range(1, 100));
    assertThat(Files.getPosixFilePermissions(directory.resolve("sub"))).hasSize(7);
  }

  /// Four threads, 25,000 lines each; the file is rotated twenty times in the meantime.
  @Test
  void rotation_underLoad_putsEveryLineIntoOneFileInOrder() throws Exception {
    Path file = directory.resolve("access.log");
    AtomicLong next = new AtomicLong();
    Semaphore allowed = new Semaphore(LINES_A_FILE);
    List<Path> files = new ArrayList<>();
    try (AccessLog log = start(file, 512, BufferingPolicy.BLOCK);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> producers = new ArrayList<>();
      for (long first = 1; first <= 75_001; first += 25_000) {
        long begin = first;
        producers.add(
            threads.submit(() -> {
              for (long i = begin; i < begin + 25_000; i++) {
                allowed.acquireUninterruptibly();
                log.completed(Requests.numbered(i));
                next.incrementAndGet();
              }
            }));
      }
      for (int i = 1; i <= 20; i++) {
        // While the second half of the lines is being written.
        long due = (2L * i - 1) * LINES_A_FILE / 2;
        Await.until("line " + due, Duration.ofSeconds(60), () -> next.get() >= due);
        Await.until("a file", Duration.ofSeconds(60), () -> Files.exists(file));
        Path moved = directory.resolve("access.log." + i);
        Files.move(file, moved);
        files.add(moved);
        log.reopen();
        allowed.release(LINES_A_FILE);
      }
      for (Future<?> producer : producers) {
        producer.get(60, TimeUnit.SECONDS);
      }
    }
    files.add(file);
    List<Long> all = new ArrayList<>();
    for (Path one : files) {
      List<Long> counts = counts(one);
      assertThat(counts).as(one.toString()).isNotEmpty();
      all.addAll(counts);
    }
    assertThat(all).hasSize(100_000).doesNotHaveDuplicates();
    for (int producer = 0; producer < 4; producer++) {
      long begin = producer * 25_000L;
      assertThat(all.stream().filter(n -> n > begin && n <= begin + 25_000)).isSorted();
    }
  }

  @Test
  void fifoWithoutReader_losesAndCountsAndRecovers() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    try (AccessLog log = start(fifo, SIZE, BufferingPolicy.DROP)) {
      for (long i = 1; i <= 1000; i++) {
        log.completed(Requests.numbered(i));
      }
      long lost = log.lostLines();
      assertThat(lost).isBetween(1000L - 2 * SIZE, 999L);

      try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "r")) {
        List<String> lines = new ArrayList<>();
        while (lines.size() < 1000 - lost) {
          lines.add(reader.readLine());
        }
        log.completed(Requests.numbered(1001));
        assertThat(reader.readLine()).contains(" 1001 ");
        assertThat(lines.getFirst()).contains(" \"-\" \"-\" 1 \"-\"");
        assertThat(log.lostLines()).isEqualTo(lost);
      }
    }
  }

  @Test
  void fullDisk_losesAndCountsAndRecoversWithoutASignal() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/dev/full"));
    Path real = directory.resolve("real");
    try (AccessLog log = start(link, SIZE, BufferingPolicy.DROP)) {
      for (long i = 1; i <= 1000; i++) {
        log.completed(Requests.numbered(i));
      }
      long lost = log.lostLines();
      assertThat(lost).isBetween(1000L - 2 * SIZE, 999L);

      Path better = Files.createSymbolicLink(directory.resolve("better"), real);
      Files.move(better, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Await.until(
          "what has waited is written",
          Duration.ofSeconds(20),
          () -> Files.exists(real) && Files.readAllLines(real).size() == 1000 - lost);
      assertThat(counts(real)).isSorted().startsWith(1L);
      log.completed(Requests.numbered(1001));
      AccessLogs.await(real, (int) (1000 - lost) + 1);
      assertThat(log.lostLines()).isEqualTo(lost);
    }
  }

  @Test
  void close_whileTheDiskIsFull_endsAndCountsTheRest() throws Exception {
    AccessLog log = start(Path.of("/dev/full"), SIZE, BufferingPolicy.DROP);
    for (long i = 1; i <= 10; i++) {
      log.completed(Requests.numbered(i));
    }
    log.close();
    assertThat(log.lostLines()).isEqualTo(10);
    log.completed(Requests.numbered(11));
    assertThat(log.lostLines()).isEqualTo(11);
  }

  @Test
  void block_whileTheDiskHangs_waitsAndLosesNothing() throws Exception {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    AtomicLong done = new AtomicLong();
    try (AccessLog log = start(fifo, SIZE, BufferingPolicy.BLOCK)) {
      Thread producer =
          Thread.ofVirtual()
              .start(() -> {
                for (long i = 1; i <= 1000; i++) {
                  log.completed(Requests.numbered(i));
                  done.set(i);
                }
              });
      Await.until(
          "the producer waits",
          Duration.ofSeconds(20),
          () -> producer.getState() == Thread.State.WAITING);
      assertThat(done.get()).isLessThanOrEqualTo(SIZE);
      try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "r")) {
        for (long i = 1; i <= 1000; i++) {
          assertThat(reader.readLine()).contains(" " + i + " \"-\"");
        }
      }
      assertThat(log.lostLines()).isZero();
      producer.join();
    }
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
