/// Upstreams for tests: one with scripted sessions, and one that replays recorded responses. Both
/// record every request byte for byte, so that a test can count and compare.
@NullMarked
package dev.postern.testing.upstream;

import org.jspecify.annotations.NullMarked;
