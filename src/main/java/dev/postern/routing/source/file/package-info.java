/// Routers and applications from the rules directory or file of Traefik's file provider. After a
/// failed load the last good one stays in use.
@NullMarked
package dev.postern.routing.source.file;

import org.jspecify.annotations.NullMarked;
