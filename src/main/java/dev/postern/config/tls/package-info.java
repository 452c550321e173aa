/// The configuration of TLS as a client. Every section that names a server has the same keys.
@NullMarked
package dev.postern.config.tls;

import org.jspecify.annotations.NullMarked;
