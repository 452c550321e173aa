/// Finds mistakes and likely mistakes in the routers and applications of a rules directory. Reports
/// only what the directory alone proves.
@NullMarked
package dev.postern.routing.lint;

import org.jspecify.annotations.NullMarked;
