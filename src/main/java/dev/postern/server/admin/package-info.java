/// The admin entry point: API, metrics, and who may use them. It runs on Undertow, which nothing
/// else in the program does except the demo.
@NullMarked
package dev.postern.server.admin;

import org.jspecify.annotations.NullMarked;
