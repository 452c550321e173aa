/// Watches requests from their arrival to the end of their answer. What the handlers find out
/// meanwhile is noted here and told once, when all is over.
@NullMarked
package dev.postern.server.report;

import org.jspecify.annotations.NullMarked;
