/// Go's regular expressions on top of RE2/J, in linear time. Patterns are parsed with Go's grammar
/// and Go's Unicode tables and translated to a form that RE2/J treats the same way.
@NullMarked
package dev.postern.rules.regexp;

import org.jspecify.annotations.NullMarked;
