/// Every meter and its name. Other packages report through their own listener interfaces and know
/// nothing of this one.
@NullMarked
package dev.postern.metrics;

import org.jspecify.annotations.NullMarked;
