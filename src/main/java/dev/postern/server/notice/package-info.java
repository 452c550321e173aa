/// What peers do that cannot work, told once with the way out. Whoever set Traefik up looks into
/// this log first, because Traefik's own shows only that something failed.
@NullMarked
package dev.postern.server.notice;

import org.jspecify.annotations.NullMarked;
