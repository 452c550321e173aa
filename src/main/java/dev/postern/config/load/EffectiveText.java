package dev.postern.config.load;

import dev.postern.config.AccessLogConfig.Format;
import dev.postern.config.AccessLogConfig.StatusRange;
import dev.postern.config.EntryPointsConfig.ClientAuthType;
import dev.postern.config.LogConfig.Level;
import dev.postern.config.Secret;
import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Words;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// Values of the configuration as an operator would write them.
final class EffectiveText {
  private EffectiveText() {}

  static String of(Object value) {
    return switch (value) {
      case Secret _ -> "***";
      case Duration duration -> GoDuration.text(duration);
      case Format format -> format.text();
      case ClientAuthType type -> type.text();
      case StatusRange range ->
          range.first() == range.last()
              ? String.valueOf(range.first())
              : range.first() + "-" + range.last();
      case Level level -> level.name();
      case Enum<?> constant -> Words.lower(constant.name());
      case List<?> list -> list.stream().map(EffectiveText::of).collect(Collectors.joining(","));
      default -> value.toString();
    };
  }
}
