/// From files, environment variables and flags to the configuration records. One table of keys says
/// what exists; reading, suggestions, help and documentation come from it.
@NullMarked
package dev.postern.config.load;

import org.jspecify.annotations.NullMarked;
