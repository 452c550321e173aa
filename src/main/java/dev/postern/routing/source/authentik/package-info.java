/// Applications in authentik's API, without any of its secrets. They can only restrict what files
/// define.
@NullMarked
package dev.postern.routing.source.authentik;

import org.jspecify.annotations.NullMarked;
