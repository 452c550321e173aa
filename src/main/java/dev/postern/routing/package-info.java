/// Which application a forwarded request belongs to. A route table is immutable and swapped as a
/// whole.
@NullMarked
package dev.postern.routing;

import org.jspecify.annotations.NullMarked;
