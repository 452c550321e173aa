/// Finds the first of many rules that matches a request, by the hosts that the rules name. What a
/// rule says about hosts is read once, from its tree.
@NullMarked
package dev.postern.rules.index;

import org.jspecify.annotations.NullMarked;
