/// Sources of revocations other than the requests themselves. A feed can only end entries, never
/// widen access.
@NullMarked
package dev.postern.feeds;

import org.jspecify.annotations.NullMarked;
