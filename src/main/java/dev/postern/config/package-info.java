/// The configuration: records, their loaders and the problems found while loading. Records only
/// hold values; other packages act on them.
@NullMarked
package dev.postern.config;

import org.jspecify.annotations.NullMarked;
