/// The admin entry point: API, metrics and access control. Only this package and the demo use
/// Undertow.
@NullMarked
package dev.postern.server.admin;

import org.jspecify.annotations.NullMarked;
