/// Request heads on plain connections while they arrive. What is not yet a request is bounded here,
/// because nothing else can see it.
@NullMarked
package dev.postern.server.heads;

import org.jspecify.annotations.NullMarked;
