package dev.postern.testing.program;

import dev.postern.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `postern demo` as a child process.
public final class DemoProcess implements AutoCloseable {
  private static final Pattern HOME = Pattern.compile("runs at http://(postern\\.localhost:\\d+)");

  private final ChildProcess process;
  private final String authority;

  private DemoProcess(ChildProcess process, String authority) {
    this.process = process;
    this.authority = authority;
  }

  /// Starts the demo on a free port and waits until it prints its address.
  ///
  /// @param directory an empty directory for its output
  /// @param flags further flags
  /// @return the running demo
  public static DemoProcess start(Path directory, String... flags) {
    List<String> command = new ArrayList<>(PosternProcess.program());
    command.add("demo");
    command.add("--port=" + FreePorts.find(1).getFirst());
    command.addAll(List.of(flags));
    ChildProcess child = ChildProcess.start(directory.resolve("demo.log"), command);
    try {
      Await.until(
          "the demo runs or ends",
          Duration.ofSeconds(60),
          () -> !child.isAlive() || child.log().contains("Press Ctrl-C"));
      Matcher home = HOME.matcher(child.log());
      if (!home.find()) {
        throw new AssertionError("the demo ended at its start:\n" + child.log());
      }
      return new DemoProcess(child, home.group(1));
    } catch (AssertionError e) {
      child.close();
      throw e;
    }
  }

  /// The URL of a page.
  ///
  /// @param name first label of the host, or empty for the start page
  /// @return the URL of its root
  public String url(String name) {
    return "http://" + (name.isEmpty() ? "" : name + ".") + authority + "/";
  }

  /// {@return the process}
  public ChildProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
