package dev.postern.config.load;

/// What one layer says about one key.
///
/// @param where the place in the layer's own words: `postern.yml:3: cache.ttl`,
///   `POSTERN_CACHE_TTL`, `--cache.ttl`
/// @param text the value; elements of a list separated by commas
/// @param isList whether it stands there as a list
record Setting(String where, String text, boolean isList) {}
