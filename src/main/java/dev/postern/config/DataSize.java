package dev.postern.config;

/// A number of bytes, written `64MiB`, `512KiB`, `1GiB` or as a bare number.
///
/// @param bytes the number of bytes
public record DataSize(long bytes) {}
