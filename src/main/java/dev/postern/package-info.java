/// The entry point of the program, and nothing else.
@NullMarked
package dev.postern;

import org.jspecify.annotations.NullMarked;
