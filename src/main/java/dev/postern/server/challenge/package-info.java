/// How a login challenge of the upstream is answered where the operator wants it otherwise than the
/// upstream gave it. It stays a refusal, is for the one request alone and is never remembered.
@NullMarked
package dev.postern.server.challenge;

import org.jspecify.annotations.NullMarked;
