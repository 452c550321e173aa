/// Lines of the access log: Traefik's fields and its three formats, byte for byte. Text holds raw
/// bytes, one per character, until a line is complete.
@NullMarked
package dev.postern.accesslog.line;

import org.jspecify.annotations.NullMarked;
