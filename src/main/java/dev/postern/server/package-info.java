/// Listeners and handlers: the forward-auth endpoint, the outpost paths and the admin entry point.
/// A handler builds a request, asks one question and writes one answer.
@NullMarked
package dev.postern.server;

import org.jspecify.annotations.NullMarked;
