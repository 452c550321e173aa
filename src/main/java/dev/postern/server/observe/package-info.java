/// What becomes of each request, for logs and metrics: noted while it is handled, told when it is
/// over. Knows no server: whichever serves requests says what was received and how it ended.
@NullMarked
package dev.postern.server.observe;

import org.jspecify.annotations.NullMarked;
