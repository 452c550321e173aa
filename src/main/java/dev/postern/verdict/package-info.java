/// The upstream's verdicts and their cache. Everything that may widen or end access is decided in
/// this package.
@NullMarked
package dev.postern.verdict;

import org.jspecify.annotations.NullMarked;
