/// The part of Go's text/template that rules directories use, with the functions that Traefik adds.
/// Everything else of that language is reported, never guessed.
@NullMarked
package dev.postern.config.dynamic.template;

import org.jspecify.annotations.NullMarked;
