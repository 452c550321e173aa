package dev.postern.verdict;

import org.jspecify.annotations.Nullable;

/// The user of an allow.
///
/// @param uid value of the preset's identity header
/// @param application value of the preset's application header, a slug
/// @param token claims of the token in the response, or null if there was none or it was unreadable
public record Identity(String uid, String application, @Nullable TokenClaims token) {}
