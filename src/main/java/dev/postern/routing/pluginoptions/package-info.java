/// The effect of `plugin` block options on a request: maximum age of a verdict, timeout of a check,
/// response to a challenge. None of them can allow a request or extend a lifetime.
@NullMarked
package dev.postern.routing.pluginoptions;

import org.jspecify.annotations.NullMarked;
