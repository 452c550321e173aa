/// TLS as a client: trusted certificates, client certificates and explanations of failures. All PEM
/// files are read here.
@NullMarked
package dev.postern.config.tls.client;

import org.jspecify.annotations.NullMarked;
