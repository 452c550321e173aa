/// Limits how often one client may be sent to the login: finding the client, the accounts, and the
/// rule that connects them to the upstream's responses.
@NullMarked
package dev.postern.server.limit;

import org.jspecify.annotations.NullMarked;
