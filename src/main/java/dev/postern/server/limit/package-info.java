/// How often one client may be sent to the login. Whom a request is counted for, the accounts, and
/// the rule that ties them to what the upstream answers.
@NullMarked
package dev.postern.server.limit;

import org.jspecify.annotations.NullMarked;
