import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// Formats the Java sources of the project, or checks that they are formatted.
///
/// Run by the build with google-java-format on the class path and by the JDK of the toolchain,
/// because google-java-format parses with the compiler of the JDK that runs it.
final class Format {
  private Format() {}

  /// @param args `check` (exit code 1 when a file is not formatted) or `write`
  static void main(String[] args) throws IOException {
    List<String> files;
    try (var paths = Files.walk(Path.of("src"))) {
      files =
          paths
              .filter(path -> path.toString().endsWith(".java"))
              .map(Path::toString)
              .sorted()
              .toList();
    }
    System.exit(args[0].equals("write") ? format(files, "--replace") : check(files));
  }

  private static int check(List<String> files) {
    int status = format(files, "--dry-run", "--set-exit-if-changed");
    if (status != 0) {
      System.out.println(
          "Files above are not formatted. This formats them: mvn -P format validate");
    }
    return status;
  }

  private static int format(List<String> files, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(files);
    return ToolProvider.findFirst("google-java-format")
        .orElseThrow()
        .run(System.out, System.err, arguments.toArray(String[]::new));
  }
}
