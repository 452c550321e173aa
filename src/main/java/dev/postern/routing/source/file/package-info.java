/// Routers and applications from the rules directory or file that Traefik's file provider reads
/// too. A load that fails leaves the last good one in place.
@NullMarked
package dev.postern.routing.source.file;

import org.jspecify.annotations.NullMarked;
