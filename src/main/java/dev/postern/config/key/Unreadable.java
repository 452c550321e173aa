package dev.postern.config.key;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Describes why a file cannot be read.
public final class Unreadable {
  private Unreadable() {}

  /// The reason, as it follows "cannot be read: ".
  public static String why(Exception e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case IOException io when String.valueOf(io.getMessage()).endsWith("directory") ->
          "it is a directory";
      default -> "the system gives no reason";
    };
  }

  /// The reason and the fix for a file that the operator provides, such as a secret or a
  /// certificate, as they follow "cannot be read: ".
  public static String whyProvided(Exception e) {
    String why = why(e);
    return switch (e) {
      case NoSuchFileException _ -> why + "; create it, or mount it into the container";
      case AccessDeniedException _ -> why + "; make it readable for the user that Postern runs as";
      case IOException _ when why.endsWith("directory") ->
          why
              + "; Docker creates a directory if the file to mount is missing: remove it, create"
              + " the file, and recreate the container";
      default -> why;
    };
  }
}
