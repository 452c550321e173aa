package dev.postern.verdict;

import org.jspecify.annotations.Nullable;

/// Who an allow is about.
///
/// @param uid value of the preset's identity header
/// @param application value of the preset's application header, a slug
/// @param token claims of the token that came with it, or null when there was none to be read
public record Identity(String uid, String application, @Nullable TokenClaims token) {}
