/// The inputs of rules: host, routing path, query, peer address, all as byte strings. The functions
/// that derive them from raw values follow Traefik's entry point and muxer.
@NullMarked
package dev.postern.rules.request;

import org.jspecify.annotations.NullMarked;
