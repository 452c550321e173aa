package dev.postern.config.dynamic.schema;

/// Something that Traefik's decoder stops at.
///
/// @param line where it stands, counted from 1; 0 when unknown
/// @param path dotted keys
/// @param message the sentence
public record Finding(int line, String path, String message) {}
