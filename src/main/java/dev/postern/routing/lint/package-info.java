/// Finds what is wrong or doubtful in the routers and applications of a rules directory. It reports
/// only what is certain from the directory alone and changes nothing.
@NullMarked
package dev.postern.routing.lint;

import org.jspecify.annotations.NullMarked;
