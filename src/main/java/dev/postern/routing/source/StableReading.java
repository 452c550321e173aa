package dev.postern.routing.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.routing.source.ApiSource.Loaded;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a source so that its pages are consistent with each other.
///
/// Pages are read one after another, and the data may change between two of them. So new data is
/// accepted only after two identical reads in a row. The previous poll counts as the first of the
/// two, so unchanged data is read only once.
final class StableReading {
  private static final int MOST_READINGS = 5;

  private final ApiSource source;
  private final ApiClient client;

  // Mutable state; used only by the polling thread.
  private String knownDigest = "";
  private @Nullable Loaded known;

  StableReading(ApiSource source, ApiClient client) {
    this.source = source;
    this.client = client;
  }

  /// Reads the source.
  ///
  /// @return the same object as last time if nothing has changed
  /// @throws ApiFailure if the source cannot be read, or changes all the time
  Loaded read() throws ApiFailure {
    List<ApiPage> pages = source.fetch(client);
    String digest = digest(pages);
    if (known != null && digest.equals(knownDigest)) {
      return known;
    }
    for (int readings = 1; readings < MOST_READINGS; readings++) {
      String before = digest;
      pages = source.fetch(client);
      digest = digest(pages);
      if (digest.equals(before)) {
        Loaded loaded = source.read(pages);
        known = loaded;
        knownDigest = digest;
        return loaded;
      }
    }
    throw client
        .failures()
        .endless(pages.getFirst().path(), "changed between each of " + MOST_READINGS + " reads");
  }

  private static String digest(List<ApiPage> pages) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ApiPage page : pages) {
        update(digest, page.path());
        update(digest, page.body());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static void update(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
    digest.update(bytes);
  }
}
