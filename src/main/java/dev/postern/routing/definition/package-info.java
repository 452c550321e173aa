/// Routers and applications as their sources define them, before a route table is built. Plain
/// data; rules have not been validated yet.
@NullMarked
package dev.postern.routing.definition;

import org.jspecify.annotations.NullMarked;
