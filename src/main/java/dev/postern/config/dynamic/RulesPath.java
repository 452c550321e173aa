package dev.postern.config.dynamic;

import dev.postern.config.Problem;
import dev.postern.config.dynamic.tree.TreeReader.Format;
import dev.postern.config.key.Unreadable;
import dev.postern.config.key.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds and reads the files of a rules directory in Traefik's order (docs/design/traefik.md
/// section 5.1).
final class RulesPath {
  private static final int MAX_FILE = 16 << 20;
  private static final int MAX_TOTAL = 64 << 20;

  private final List<Problem> problems = new ArrayList<>();
  private boolean isRefusedByTraefik;
  private long total;

  /// The files to read: the file itself, or all files in the directory and its subdirectories.
  List<Path> files(Path path) {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(path)) {
      collect(path, files);
    } else if (format(path) == null && Files.exists(path)) {
      refuse(path, "must be a directory or a .yml, .yaml or .toml file");
    } else {
      files.add(path);
    }
    return files;
  }

  /// Links to directories are not followed, so there are no loops.
  private void collect(Path directory, List<Path> files) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (IOException e) {
      refuse(directory, "cannot be read: " + Unreadable.why(e));
    } catch (DirectoryIteratorException e) {
      refuse(directory, "cannot be read: " + Unreadable.why(e));
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(name(a), name(b)));
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        collect(entry, files);
      } else if (format(entry) != null) {
        files.add(entry);
      }
    }
  }

  private static byte[] name(Path path) {
    return path.getFileName().toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The format given by the file extension, or null if Traefik does not read such files.
  static @Nullable Format format(Path file) {
    String name = file.getFileName() == null ? "" : Words.lower(file.getFileName().toString());
    return switch (name.substring(Math.max(name.lastIndexOf('.'), 0))) {
      case ".yml", ".yaml" -> Format.YAML;
      case ".toml" -> Format.TOML;
      case String _ -> null;
    };
  }

  /// The text of a file; null after adding a problem.
  @Nullable String text(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      refuse(
          file, Files.isDirectory(file) ? "is a directory, not a file" : "is not a regular file");
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE + 1);
      total += bytes.length;
      if (bytes.length > MAX_FILE || total > MAX_TOTAL) {
        problem(
            file,
            bytes.length > MAX_FILE
                ? "is larger than 16MiB; split it"
                : "makes the directory larger than 64MiB, which is the limit");
        return null;
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      refuse(file, "is not UTF-8 text");
    } catch (IOException e) {
      refuse(file, "cannot be read: " + Unreadable.why(e));
    }
    return null;
  }

  /// Whether Traefik could not read these files either.
  boolean isRefusedByTraefik() {
    return isRefusedByTraefik;
  }

  List<Problem> problems() {
    return problems;
  }

  private void refuse(Path path, String message) {
    isRefusedByTraefik = true;
    problem(path, message);
  }

  private void problem(Path path, String message) {
    problems.add(new Problem(Words.printable(path.toString()), message));
  }
}
