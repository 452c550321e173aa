/// What the options of `plugin` blocks mean for one request: how old a verdict may be, how long a
/// check may take, and how a challenge is answered. None of them can allow or lengthen anything.
@NullMarked
package dev.postern.routing.pluginoptions;

import org.jspecify.annotations.NullMarked;
