/// What an operator has to know of the upstream before anybody asks: whether it answers, why not,
/// and what it does not know. Each thing is told once, with the way out, apart from the calls for
/// verdicts.
@NullMarked
package dev.postern.upstream.probe;

import org.jspecify.annotations.NullMarked;
