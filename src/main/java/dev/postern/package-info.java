/// The command line and the composition root. Everything else lives in packages that know nothing
/// of this one.
@NullMarked
package dev.postern;

import org.jspecify.annotations.NullMarked;
