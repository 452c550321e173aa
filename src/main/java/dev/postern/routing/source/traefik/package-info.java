/// Routers, middlewares and applications as Traefik's API shows them. The labels of containers come
/// this way too, so what it says of applications can only narrow what files say.
@NullMarked
package dev.postern.routing.source.traefik;

import org.jspecify.annotations.NullMarked;
