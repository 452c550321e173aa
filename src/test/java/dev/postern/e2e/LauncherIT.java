package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher `bin/postern`: calls from other directories and through links, and the options of
/// the JVM.
class LauncherIT {
  private static final Path IMAGE =
      Path.of(System.getProperty("postern.image", "target/postern")).toAbsolutePath();
  private static final Path LAUNCHER = IMAGE.resolve("bin/postern");
  private static final String SHOW = "-XshowSettings:properties";

  @TempDir Path directory;
  Path links;

  @BeforeEach
  void makeFolderWithSpaces() throws IOException {
    links = Files.createDirectories(directory.resolve("a folder  with spaces"));
  }

  @Test
  void launcher_fromAnyDirectory_runsTheImagesJavaWithTheImagesJar() throws Exception {
    assertStarts(IMAGE, LAUNCHER.toString());
  }

  @Test
  void launcher_byRelativePath_starts() throws Exception {
    assertStarts(IMAGE, links.toRealPath().relativize(LAUNCHER).toString());
  }

  @Test
  void launcher_foundOnThePath_starts() throws Exception {
    ProcessBuilder builder = command(SHOW, "sh", "-c", "exec postern version");
    builder.environment().merge("PATH", LAUNCHER.getParent() + ":", (old, bin) -> bin + old);
    assertStarted(IMAGE, FinishedProcess.of(builder));
  }

  @Test
  void launcher_throughAbsoluteLink_starts() throws Exception {
    Path link = Files.createSymbolicLink(links.resolve("postern"), LAUNCHER);
    assertStarts(IMAGE, link.toString());
  }

  @Test
  void launcher_throughChainOfRelativeLinks_starts() throws Exception {
    Files.createDirectory(links.resolve("bin"));
    Files.createDirectory(links.resolve("opt"));
    Files.createSymbolicLink(links.resolve("opt/image"), IMAGE);
    Files.createSymbolicLink(links.resolve("opt/second"), Path.of("image/bin/postern"));
    Files.createSymbolicLink(links.resolve("bin/first"), Path.of("../opt/second"));
    assertStarts(IMAGE, "bin/first");
  }

  @Test
  void launcher_throughLinkToItsFolder_starts() throws Exception {
    Files.createSymbolicLink(links.resolve("linked bin"), LAUNCHER.getParent());
    assertStarts(IMAGE, "linked bin/postern");
  }

  @Test
  void launcher_withCdpathSet_starts() throws Exception {
    ProcessBuilder builder = command(SHOW, "postern/bin/postern", "version");
    builder.directory(IMAGE.resolve("..").toFile());
    builder.environment().put("CDPATH", "/usr:.");
    assertStarted(IMAGE, FinishedProcess.of(builder));
  }

  @Test
  void javaOptions_fromTheEnvironment_comeAfterTheLaunchersAndAreSplitOnly() throws Exception {
    Files.createFile(links.resolve("-Dstar=file"));
    FinishedProcess finished =
        FinishedProcess.of(
            command(
                "-Dstar=* -Xmx77m -XX:-UseSerialGC -XX:+UseParallelGC " + "-XshowSettings:vm",
                LAUNCHER.toString(),
                "version"));
    assertThat(finished.output()).contains("Max. Heap Size: 77.00M");
    assertThat(finished.output()).doesNotContain("Error");
    assertThat(finished.exitCode()).isZero();
  }

  /// The JVM does not start if the heap is too small for the objects in the AOT cache.
  @ParameterizedTest
  @ValueSource(strings = {"-Xmn64m", "-XX:NewSize=64m", "-Xms64m -Xmn64m", "-Xshare:off"})
  void javaOptions_thatTheAotCacheDoesNotGoWith_startWithoutIt(String options) throws Exception {
    FinishedProcess finished = FinishedProcess.of(command(options, LAUNCHER.toString(), "version"));
    assertThat(finished.output())
        .contains("postern: starting without the AOT cache")
        .containsPattern("(?m)^postern \\d");
    assertThat(finished.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xms128m -Xmn64m", "-Xmx77m", "-Dany=value"})
  void javaOptions_thatTheAotCacheGoesWith_keepIt(String options) throws Exception {
    String log = " -Xlog:class+load:file=classes.log";
    FinishedProcess finished =
        FinishedProcess.of(command(options + log, LAUNCHER.toString(), "version"));
    assertThat(finished.output()).doesNotContain("without the AOT cache");
    assertThat(Files.readString(links.resolve("classes.log")))
        .containsPattern("dev\\.postern\\.Main source: shared objects file");
  }

  /// If only one thread died of memory exhaustion, the process would remain without serving.
  @Test
  void memory_thatIsUsedUp_endsTheProgramSoThatItIsStartedAgain() throws Exception {
    Path input = links.resolve("huge");
    Files.writeString(input, "{\"rule\":\"" + "a".repeat(60_000_000) + "\"}\n");
    ProcessBuilder builder =
        command("-Xmx20m", "sh", "-c", "exec \"$0\" rules eval < huge", LAUNCHER.toString());
    FinishedProcess finished = FinishedProcess.of(builder);
    assertThat(finished.output()).contains("Terminating due to java.lang.OutOfMemoryError");
    assertThat(finished.exitCode()).isEqualTo(3);
  }

  @Test
  void exitCode_ofTheJvm_passesThrough() throws Exception {
    FinishedProcess finished =
        FinishedProcess.of(command("-XX:+NoSuchOption", LAUNCHER.toString(), "version"));
    assertThat(finished.exitCode()).isEqualTo(1);
  }

  @Test
  void aotCache_inPlace_isUsed() throws Exception {
    assertThat(classesFromCache(IMAGE)).contains("dev.postern.Main");
  }

  @Test
  void aotCache_ofMovedImage_isUsed() throws Exception {
    assertThat(classesFromCache(movedImage())).contains("dev.postern.Main");
  }

  @Test
  void aotCache_missing_startsTheSame() throws Exception {
    Path moved = movedImage();
    Files.delete(moved.resolve("lib/postern.aot"));
    assertStartsTheSame(moved);
  }

  @Test
  void aotCache_damaged_startsTheSame() throws Exception {
    Path moved = movedImage();
    Files.write(moved.resolve("lib/postern.aot"), new byte[10_000]);
    assertStartsTheSame(moved);
  }

  @Test
  void aotCache_ofAnotherJar_startsTheSame() throws Exception {
    Path moved = movedImage();
    try (FileSystem jar = FileSystems.newFileSystem(moved.resolve("lib/postern.jar"))) {
      Files.writeString(jar.getPath("added"), "another version");
    }
    assertStartsTheSame(moved);
  }

  private void assertStartsTheSame(Path image) throws Exception {
    String usual = FinishedProcess.of(command("", LAUNCHER.toString(), "version")).output();
    assertThat(FinishedProcess.of(command("", image + "/bin/postern", "version")))
        .isEqualTo(new FinishedProcess(0, usual));
  }

  private List<String> classesFromCache(Path image) throws Exception {
    String log = "-Xlog:class+load:file=classes.log";
    FinishedProcess finished = FinishedProcess.of(command(log, image + "/bin/postern", "version"));
    assertThat(finished.exitCode()).as(finished.output()).isZero();
    return Files.readAllLines(links.resolve("classes.log")).stream()
        .filter(line -> line.contains("source: shared objects file"))
        .map(line -> line.replaceFirst(".*\\] (\\S+) source: .*", "$1"))
        .toList();
  }

  private void assertStarts(Path image, String launcher) throws Exception {
    assertStarted(image, FinishedProcess.of(command(SHOW, launcher, "version")));
  }

  private static void assertStarted(Path image, FinishedProcess finished) throws IOException {
    Path real = image.toRealPath();
    assertThat(finished.output())
        .contains("java.home = " + real.resolve("runtime"))
        .contains("java.class.path = " + real.resolve("lib/postern.jar"));
    assertThat(finished.exitCode()).isZero();
  }

  private ProcessBuilder command(String javaOptions, String... command) {
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(links.toFile());
    Map<String, String> environment = builder.environment();
    environment.remove("JAVA_TOOL_OPTIONS");
    environment.put("POSTERN_JAVA_OPTS", javaOptions);
    return builder;
  }

  private Path movedImage() throws Exception {
    Path moved = links.resolve("moved image");
    FinishedProcess copied =
        FinishedProcess.of(command("", "cp", "-a", IMAGE.toString(), moved.toString()));
    assertThat(copied).isEqualTo(new FinishedProcess(0, ""));
    return moved;
  }
}
