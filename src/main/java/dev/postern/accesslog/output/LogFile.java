package dev.postern.accesslog.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file to append to, or standard output. Used by one thread.
final class LogFile {
  private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-r--"));
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

  /// A pipe accepts this many bytes atomically (POSIX `PIPE_BUF`), so that lines of other writers
  /// on standard output do not split ours.
  private static final int PIPE_BYTES = 4096;

  private static final int FILE_BYTES = 64 * 1024;

  private final @Nullable Path path;
  private @Nullable FileChannel channel;
  private @Nullable Object identity;

  /// @param path the file, or null for standard output
  LogFile(@Nullable Path path) {
    this.path = path;
  }

  /// The preferred size of one write.
  int pieceBytes() {
    return path == null ? PIPE_BYTES : FILE_BYTES;
  }

  /// Opens the file, unless it is open.
  void open() throws IOException {
    if (channel == null) {
      open(ByteBuffer.allocate(0));
    }
  }

  /// Writes everything. After a partial write it continues at the same byte, unless the file has
  /// been replaced in the meantime; then the interrupted line is written again from its start.
  ///
  /// @param piece whole lines
  void write(ByteBuffer piece) throws IOException {
    FileChannel open = channel == null ? open(piece) : channel;
    while (piece.hasRemaining()) {
      if (open.write(piece) == 0) {
        throw new IOException("the file accepts no bytes");
      }
    }
  }

  private FileChannel open(ByteBuffer piece) throws IOException {
    FileChannel open = path == null ? standardOutput() : openFile(path);
    channel = open;
    Object before = identity;
    identity = path == null ? null : identity(path);
    if (identity == null || !identity.equals(before)) {
      backToLineBegin(piece);
    }
    return open;
  }

  private static FileChannel standardOutput() {
    return new FileOutputStream(FileDescriptor.out).getChannel();
  }

  /// Blocks for ever if the file is a FIFO without a reader.
  private static FileChannel openFile(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(directory, DIRECTORY_MODE);
    }
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        FILE_MODE);
  }

  /// Identifies a regular file; null for a pipe, whose written bytes are gone with its reader.
  private static @Nullable Object identity(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return attributes.isRegularFile() ? attributes.fileKey() : null;
  }

  private static void backToLineBegin(ByteBuffer piece) {
    int begin = piece.position();
    while (begin > 0 && piece.get(begin - 1) != '\n') {
      begin--;
    }
    piece.position(begin);
  }

  /// Closes the file; the next write opens whatever has its name then. Standard output stays open.
  void close() throws IOException {
    FileChannel open = channel;
    if (path != null && open != null) {
      channel = null;
      open.close();
    }
  }
}
