/// The test kit: bytes over real sockets, and a configuration of the program for tests. Nothing in
/// it knows how the program works inside.
@NullMarked
package dev.postern.testing;

import org.jspecify.annotations.NullMarked;
