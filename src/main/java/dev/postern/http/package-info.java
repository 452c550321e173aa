/// The forwarded request, header and cookie values, and who may send them. Nothing here knows a
/// server, so that rules, keys and tests need none.
@NullMarked
package dev.postern.http;

import org.jspecify.annotations.NullMarked;
