/// All meters and their names. Other packages report through their own listener interfaces and do
/// not depend on this one.
@NullMarked
package dev.postern.metrics;

import org.jspecify.annotations.NullMarked;
