/// Sources of revocations outside the requests themselves. A feed can only end what is remembered,
/// never widen access.
@NullMarked
package dev.postern.feeds;

import org.jspecify.annotations.NullMarked;
