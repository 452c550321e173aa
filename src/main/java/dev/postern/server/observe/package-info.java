/// Reports of requests for logs and metrics: filled while a request is handled, published when it
/// is over. Independent of the server: each server supplies what it received and how it ended.
@NullMarked
package dev.postern.server.observe;

import org.jspecify.annotations.NullMarked;
