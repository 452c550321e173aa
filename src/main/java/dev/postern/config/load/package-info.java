/// Reads files, environment variables and flags into the configuration records. One table of keys
/// defines what exists; reading, suggestions, help and documentation are derived from it.
@NullMarked
package dev.postern.config.load;

import org.jspecify.annotations.NullMarked;
