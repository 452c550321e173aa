package dev.postern.routing.source.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The metadata of the rules files: names, sizes, times, inodes and link targets. Detects changes
/// without file system events: bind mounts, network file systems, and a replaced symbolic link
/// above the files, as in a Kubernetes volume.
///
/// @param entries one text for each file and directory, ordered by name
record Fingerprint(List<String> entries) {
  private static final int MOST = 100_000;

  /// Before the first read.
  static final Fingerprint NONE = new Fingerprint(List.of("not looked at yet"));

  /// Reads the metadata of a directory including subdirectories, or of one file.
  static Fingerprint of(Path path) {
    List<String> entries = new ArrayList<>();
    entries.add(path + " " + state(path));
    if (Files.isDirectory(path)) {
      children(path).forEach(child -> look(child, entries));
    }
    Collections.sort(entries);
    return new Fingerprint(entries);
  }

  /// The directories to watch: the directory itself with all subdirectories, or the parent of a
  /// file.
  static List<Path> directories(Path path) {
    List<Path> directories = new ArrayList<>();
    if (Files.isDirectory(path)) {
      collect(path, directories);
    } else {
      Path parent = path.toAbsolutePath().getParent();
      directories.add(parent == null ? path : parent);
    }
    return directories;
  }

  private static void collect(Path directory, List<Path> directories) {
    directories.add(directory);
    for (Path child : children(directory)) {
      if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        collect(child, directories);
      }
    }
  }

  private static void look(Path path, List<String> entries) {
    if (entries.size() >= MOST) {
      return;
    }
    entries.add(path + " " + state(path));
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      children(path).forEach(child -> look(child, entries));
    }
  }

  private static List<Path> children(Path directory) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (IOException | DirectoryIteratorException e) {
      // A directory that cannot be listed has no children here; loading it reports the reason.
      return List.of();
    }
    return children;
  }

  private static String state(Path path) {
    try {
      String link = Files.isSymbolicLink(path) ? " -> " + path.toRealPath() : "";
      return Files.readAttributes(path, "unix:size,ino,lastModifiedTime,ctime,mode") + link;
    } catch (IOException | UnsupportedOperationException e) {
      return e.getClass().getSimpleName();
    }
  }
}
