/// TLS towards others as a client: which certificates are trusted and shown, and why two do not
/// agree. Everything that connects reads its PEM files here.
@NullMarked
package dev.postern.config.tls.client;

import org.jspecify.annotations.NullMarked;
