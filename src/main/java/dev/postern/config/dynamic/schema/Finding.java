package dev.postern.config.dynamic.schema;

/// Something that Traefik's decoder rejects.
///
/// @param line line number, from 1; 0 when unknown
/// @param path dotted keys
/// @param message completes the sentence "path …"
public record Finding(int line, String path, String message) {}
