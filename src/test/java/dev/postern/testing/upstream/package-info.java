/// Upstreams for tests: one that plays scripted sessions, and one that replays recorded answers.
/// Both keep every request byte for byte, so that a test can count and compare.
@NullMarked
package dev.postern.testing.upstream;

import org.jspecify.annotations.NullMarked;
