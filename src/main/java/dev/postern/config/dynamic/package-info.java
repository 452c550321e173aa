/// The rules directory or file that Traefik's file provider reads, read as Traefik reads it. What
/// comes out is data; whether a rule or a reference is right is not decided here.
@NullMarked
package dev.postern.config.dynamic;

import org.jspecify.annotations.NullMarked;
