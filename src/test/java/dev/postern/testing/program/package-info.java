/// Programs that tests start beside Postern, and Postern itself as a child process. Tests of a
/// missing program are skipped on a developer's machine and fail in CI.
@NullMarked
package dev.postern.testing.program;

import org.jspecify.annotations.NullMarked;
