package dev.postern.config.load;

/// The value of one key in one layer.
///
/// @param where the place for messages: `postern.yml:3: cache.ttl`, `POSTERN_CACHE_TTL`,
///   `--cache.ttl`
/// @param text the value; elements of a list separated by commas
/// @param isList whether the layer has it as a list, not as one text
record Setting(String where, String text, boolean isList) {}
