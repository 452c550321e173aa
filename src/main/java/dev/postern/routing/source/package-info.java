/// Polls HTTP APIs with routers and applications and reports the results to the routes. If a source
/// cannot be read, its last data stays in use.
@NullMarked
package dev.postern.routing.source;

import org.jspecify.annotations.NullMarked;
