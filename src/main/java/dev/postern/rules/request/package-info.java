/// What a router's rule can see of a request: host, routing path, query, peer address, all as byte
/// strings. The functions that derive them from raw values do what Traefik's entry point and muxer
/// do.
@NullMarked
package dev.postern.rules.request;

import org.jspecify.annotations.NullMarked;
