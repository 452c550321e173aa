package dev.postern.config.key;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Why a file cannot be read, in words.
public final class Unreadable {
  private Unreadable() {}

  /// The reason as it follows "cannot be read: ".
  ///
  /// @param e what reading threw
  public static String why(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case IOException io when String.valueOf(io.getMessage()).endsWith("directory") ->
          "it is a directory";
      default -> "the system does not say why";
    };
  }
}
