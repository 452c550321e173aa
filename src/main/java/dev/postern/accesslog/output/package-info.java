/// Where lines of the access log go: a bounded queue with one writer behind it, so that no disk
/// holds up a request. What may not wait is lost and counted.
@NullMarked
package dev.postern.accesslog.output;

import org.jspecify.annotations.NullMarked;
