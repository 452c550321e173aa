/// The program's own log: set-up, line formats and escaping. Other packages log through SLF4J.
@NullMarked
package dev.postern.logging;

import org.jspecify.annotations.NullMarked;
