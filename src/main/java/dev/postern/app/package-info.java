/// Assembles the program: opens entry points, starts, stops and reloads, and logs events of the
/// verdict cache. Only the command line uses this package.
@NullMarked
package dev.postern.app;

import org.jspecify.annotations.NullMarked;
