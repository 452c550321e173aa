package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The search in encoded text against a search after decoding.
class PercentProperties {
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a", "B", "-", "%", "%61", "%41", "%2d", "%2D", "%62", "%", "%4", "%zz", "%25", "1",
            "\u00e1", "%00", "+")
        .list()
        .ofMaxSize(8)
        .map(pieces -> String.join("", pieces));
  }

  @Property(tries = 20_000)
  void containsDecoded_findsAtLeastWhatADecoderFinds(@ForAll("texts") String text) {
    StringBuilder decoded = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.substring(at).matches("(?s)%[0-9A-Fa-f]{2}.*")) {
        decoded.append((char) Integer.parseInt(text.substring(at + 1, at + 3), 16));
        at += 3;
      } else {
        decoded.append(text.charAt(at));
        at++;
      }
    }
    boolean found = decoded.toString().toLowerCase(Locale.ROOT).contains("a-b");
    if (found) {
      assertThat(Percent.containsDecoded(text, "a-b")).as(text).isTrue();
    }
    if (!text.contains("%")) {
      assertThat(Percent.containsDecoded(text, "a-b")).as(text).isEqualTo(found);
    }
  }
}
