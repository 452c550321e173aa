import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Copies jars into the image, and gives classes of before Java 6 the class file version of Java 6.
///
/// The AOT cache takes no older ones, because they have no stack maps and are verified in another
/// way. That is picocli, compiled for Java 5: 146 classes that are needed at each start.
final class ClassVersions {
  private static final int JAVA_6 = 50;

  private ClassVersions() {}

  /// @param from a jar
  /// @param to where the copy goes; it has the time of the original
  static void copy(Path from, Path to) throws IOException {
    try (JarFile jar = new JarFile(from.toFile())) {
      if (Collections.list(jar.entries()).stream().anyMatch(entry -> isOld(jar, entry))) {
        rewrite(jar, from, to);
        Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
        return;
      }
    }
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void rewrite(JarFile jar, Path from, Path to) throws IOException {
    try (URLClassLoader types = new URLClassLoader(new URL[] {from.toUri().toURL()});
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
      ClassFile classes =
          ClassFile.of(
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(types)));
      for (JarEntry entry : Collections.list(jar.entries())) {
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        add(out, entry, isOld(jar, entry) ? newer(classes, bytes) : bytes);
      }
      // The licence asks for it (Apache 2.0, section 4b).
      add(
          out,
          new JarEntry("META-INF/CHANGES"),
          "The class files of before Java 6 have the class file version of Java 6, and stack maps.\n"
              .getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void add(JarOutputStream out, JarEntry entry, byte[] bytes) throws IOException {
    JarEntry copy = new JarEntry(entry.getName());
    copy.setTime(Math.max(entry.getTime(), 0));
    out.putNextEntry(copy);
    out.write(bytes);
    out.closeEntry();
  }

  private static boolean isOld(JarFile jar, JarEntry entry) {
    if (!entry.getName().endsWith(".class")) {
      return false;
    }
    try (var in = jar.getInputStream(entry)) {
      // Magic number, then the minor and the major version.
      byte[] head = in.readNBytes(8);
      return head.length == 8 && (head[6] << 8 | head[7]) < JAVA_6;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] newer(ClassFile classes, byte[] bytes) {
    ClassModel old = classes.parse(bytes);
    ClassTransform upgrade =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(JAVA_6, 0);
          } else {
            builder.with(element);
          }
        };
    return classes.transformClass(old, upgrade);
  }
}
