/// Go's regular expressions on top of RE2/J, in linear time. Patterns are read with Go's grammar
/// and Go's Unicode tables and handed to RE2/J in a form both understand alike.
@NullMarked
package dev.postern.rules.regexp;

import org.jspecify.annotations.NullMarked;
