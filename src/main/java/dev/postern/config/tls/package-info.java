/// TLS towards others: which certificates are trusted and shown. Everything that connects reads its
/// PEM files here.
@NullMarked
package dev.postern.config.tls;

import org.jspecify.annotations.NullMarked;
