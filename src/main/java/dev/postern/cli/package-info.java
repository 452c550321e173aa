/// The command line: one class per command, and the text that commands print. No other package
/// except `Main` uses it.
@NullMarked
package dev.postern.cli;

import org.jspecify.annotations.NullMarked;
