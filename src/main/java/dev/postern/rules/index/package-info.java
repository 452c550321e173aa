/// Finds the first of many rules that matches a request, with an index of the hosts in the rules.
@NullMarked
package dev.postern.rules.index;

import org.jspecify.annotations.NullMarked;
