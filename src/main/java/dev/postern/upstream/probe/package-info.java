/// Reports problems with the upstream before a client meets them: whether it answers, why not, and
/// which hosts it does not know. Each problem is logged once, with the fix. Separate from checks.
@NullMarked
package dev.postern.upstream.probe;

import org.jspecify.annotations.NullMarked;
