/// The command line: one command a class, and the text that commands print. Nothing else in the
/// program knows this package.
@NullMarked
package dev.postern.cli;

import org.jspecify.annotations.NullMarked;
