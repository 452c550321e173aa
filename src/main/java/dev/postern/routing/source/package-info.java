/// Reads sources of routers and applications that are HTTP APIs, again and again, and reports what
/// they say to the routes. A source that cannot be read keeps what it said last.
@NullMarked
package dev.postern.routing.source;

import org.jspecify.annotations.NullMarked;
