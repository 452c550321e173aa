/// The output of the access log: a bounded queue with one writer thread, so that a slow disk does
/// not delay requests. When the queue is full, lines are lost and counted.
@NullMarked
package dev.postern.accesslog.output;

import org.jspecify.annotations.NullMarked;
