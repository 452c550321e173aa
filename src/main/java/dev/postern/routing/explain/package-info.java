/// Explains which application is selected for a request, whether its verdict may be shared, and
/// which router handled it. Only describes the decisions of a route table.
@NullMarked
package dev.postern.routing.explain;

import org.jspecify.annotations.NullMarked;
