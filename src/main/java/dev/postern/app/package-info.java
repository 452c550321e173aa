/// Puts the program together: opens entry points, starts and stops, reloads, and logs what happens
/// to verdicts. Only the command line knows this package.
@NullMarked
package dev.postern.app;

import org.jspecify.annotations.NullMarked;
