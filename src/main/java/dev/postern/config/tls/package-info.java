/// How the configuration describes TLS towards others. The same few keys stand in every section
/// that names a server.
@NullMarked
package dev.postern.config.tls;

import org.jspecify.annotations.NullMarked;
