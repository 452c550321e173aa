/// Reads the rules directory or file as Traefik's file provider does. The result is plain data;
/// rules and references are checked elsewhere.
@NullMarked
package dev.postern.config.dynamic;

import org.jspecify.annotations.NullMarked;
