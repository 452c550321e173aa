/// Routers, middlewares and applications in Traefik's API. Container labels are included, so its
/// applications can only restrict those of files.
@NullMarked
package dev.postern.routing.source.traefik;

import org.jspecify.annotations.NullMarked;
