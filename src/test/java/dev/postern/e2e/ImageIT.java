package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Contents of the image: only the needed JDK modules, and a licence for every jar.
class ImageIT {
  private static final Path IMAGE = Path.of(System.getProperty("postern.image", "target/postern"));
  private static final long MAX_BYTES = 130_000_000;

  /// Modules used only by library classes that the program never loads.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "java.desktop", // Jackson: annotations of java.beans
          "java.security.jgss", // Undertow: Kerberos and SPNEGO
          "java.sql", // Jackson: java.sql.Date and its kin; Undertow: a JDBC access log
          "jdk.jfr"); // Netty: events of its allocator, which it skips without JFR

  @Test
  void modules_thatTheJarsName_areAllThereExceptTheKnownOnes() throws Exception {
    Set<String> absent = namedByJars();
    absent.removeAll(modules());
    assertThat(absent).isEqualTo(LEFT_OUT);
  }

  @Test
  void modules_ofTheRuntime_areAllNeeded() throws Exception {
    Set<String> needed = namedByJars();
    List<String> roots = List.copyOf(needed);
    for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
      if (roots.contains(module.descriptor().name()) && !LEFT_OUT.contains(name(module))) {
        module.descriptor().requires().stream().map(Requires::name).forEach(needed::add);
      }
    }
    assertThat(needed).containsAll(modules());
  }

  @Test
  void size_withRuntimeAndAotCache_isBounded() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(IMAGE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    assertThat(bytes).isBetween(1L, MAX_BYTES);
  }

  /// Container image layers have times in whole seconds, and the AOT cache requires the file times
  /// it was created with.
  @Test
  void times_ofWhatTheAotCacheWasMadeOf_areWholeSeconds() throws IOException {
    List<Path> made = new ArrayList<>(jars());
    made.add(IMAGE.resolve("runtime/lib/modules"));
    for (Path file : made) {
      assertThat(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS) % 1_000_000_000)
          .as("%s", file)
          .isZero();
    }
  }

  @Test
  void licences_ofEveryJar_areListed() throws IOException {
    String listed = Files.readString(IMAGE.resolve("THIRD-PARTY.txt"));
    Set<String> covered =
        listed
            .lines()
            .filter(line -> line.strip().startsWith("("))
            .map(line -> line.replaceFirst(".*\\([^:()]+:([^:]+):([^: ]+) - .*\\)$", "$1-$2.jar"))
            .collect(Collectors.toSet());
    Set<String> names =
        jars().stream().map(jar -> jar.getFileName().toString()).collect(Collectors.toSet());
    names.remove("postern.jar");
    assertThat(names).isNotEmpty().isEqualTo(covered);
    assertThat(IMAGE.resolve("LICENSE")).isRegularFile();
    assertThat(IMAGE.resolve("runtime/legal/java.base/LICENSE")).isRegularFile();
  }

  private static Set<String> modules() throws Exception {
    Path java = IMAGE.resolve("runtime/bin/java");
    return FinishedProcess.of(new ProcessBuilder(java.toString(), "--list-modules"))
        .output()
        .lines()
        .map(line -> line.replaceFirst("@.*", ""))
        .collect(Collectors.toSet());
  }

  /// JDK modules whose classes are in the constant pool of a class in the image.
  private static Set<String> namedByJars() throws IOException {
    Map<String, String> moduleByPackage = new HashMap<>();
    for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
      module.descriptor().packages().forEach(name -> moduleByPackage.put(name, name(module)));
    }
    Set<String> modules = new TreeSet<>();
    for (Path path : jars()) {
      try (JarFile jar = new JarFile(path.toFile())) {
        for (JarEntry entry : jar.versionedStream().toList()) {
          if (entry.getName().endsWith(".class")) {
            byte[] bytes = jar.getInputStream(entry).readAllBytes();
            packages(bytes)
                .map(moduleByPackage::get)
                .filter(Objects::nonNull)
                .forEach(modules::add);
          }
        }
      }
    }
    return modules;
  }

  private static Stream<String> packages(byte[] classBytes) {
    Set<String> packages = new TreeSet<>();
    ClassFile.of()
        .parse(classBytes)
        .constantPool()
        .forEach(entry -> {
          if (entry instanceof ClassEntry type && type.asSymbol().isClassOrInterface()) {
            packages.add(type.asSymbol().packageName());
          }
        });
    return packages.stream();
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(IMAGE.resolve("lib"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  private static String name(ModuleReference module) {
    return module.descriptor().name();
  }
}
