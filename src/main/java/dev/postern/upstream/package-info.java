/// Calls to the identity provider and the reading of its answers. What is particular to one kind of
/// upstream stands in its preset, as data.
@NullMarked
package dev.postern.upstream;

import org.jspecify.annotations.NullMarked;
