import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/// Puts the image together: launcher, jars, licences, a run-time of only the JDK modules needed,
/// and the AOT cache.
///
/// Run by the JDK of the toolchain, whose `jlink` it uses.
final class Image {
  /// What the program and its libraries need of the JDK. `ImageIT` fails when this list is too long
  /// or too short.
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging", // XNIO and Micrometer name its types
          "java.management", // JVM meters
          "java.naming", // Undertow and logback name its types
          "java.xml", // logback reads its configuration
          "jdk.management", // JVM meters of the operating system
          "jdk.unsupported"); // Unsafe, in XNIO's and Undertow's buffers

  private Image() {}

  /// @param args the image's folder, the program's jar, the class path of its libraries, and the
  ///   list of their licences
  static void main(String[] args) throws Exception {
    Path image = Path.of(args[0]);
    delete(image);
    copyTree(Path.of("src/main/image"), image);
    Path lib = Files.createDirectories(image.resolve("lib"));
    copy(Path.of(args[1]), lib.resolve("postern.jar"));
    for (String element : args[2].split(File.pathSeparator)) {
      Path path = Path.of(element);
      if (Files.isRegularFile(path)) {
        copy(path, lib.resolve(path.getFileName()));
      }
    }
    copy(Path.of("LICENSE"), image.resolve("LICENSE"));
    copy(Path.of(args[3]), image.resolve("THIRD-PARTY.txt"));
    linkRuntime(image.resolve("runtime"));
    cutTimes(image);
    Training.run(image);
  }

  /// The AOT cache knows files by their times, in seconds. A layer of a container image has whole
  /// seconds as well, and whoever writes it may round them up.
  private static void cutTimes(Path image) throws IOException {
    try (var paths = Files.walk(image)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        long seconds = Files.getLastModifiedTime(path).to(TimeUnit.SECONDS);
        Files.setLastModifiedTime(path, FileTime.from(seconds, TimeUnit.SECONDS));
      }
    }
  }

  private static void linkRuntime(Path runtime) {
    int status =
        ToolProvider.findFirst("jlink")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--add-modules=" + String.join(",", MODULES),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--compress=zip-6",
                "--output=" + runtime);
    if (status != 0) {
      throw new IllegalStateException("jlink ended with " + status);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path copy = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          copy(path, copy);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var paths = Files.walk(tree)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
