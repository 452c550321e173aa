/// The part of Go's text/template that rules files use, with Traefik's additional functions.
/// Anything else is reported as unsupported.
@NullMarked
package dev.postern.config.dynamic.template;

import org.jspecify.annotations.NullMarked;
