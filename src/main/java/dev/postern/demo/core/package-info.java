/// The part of the demo identity provider that knows people: users, login, authorization codes,
/// tokens, sessions. It tells its listeners when a session ends and knows nothing of the outpost.
@NullMarked
package dev.postern.demo.core;

import org.jspecify.annotations.NullMarked;
