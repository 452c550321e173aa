/// A small blocking HTTP/1.1 server and client on virtual threads, byte-exact in both directions.
/// Undertow sorts, folds and refuses differently from Go's server, whose responses the demo has to
/// reproduce. Strings of this package are ISO-8859-1, one character per byte.
@NullMarked
package dev.postern.demo.http;

import org.jspecify.annotations.NullMarked;
