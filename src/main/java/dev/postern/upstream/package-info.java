/// Calls to the identity provider and the parsing of its responses. What is particular to one kind
/// of upstream is data in its preset.
@NullMarked
package dev.postern.upstream;

import org.jspecify.annotations.NullMarked;
