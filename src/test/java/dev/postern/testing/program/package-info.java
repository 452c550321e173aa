/// Programs that tests start beside Postern, and Postern itself as a process of its own. A program
/// that is missing skips its tests on a developer's machine and fails them in CI.
@NullMarked
package dev.postern.testing.program;

import org.jspecify.annotations.NullMarked;
