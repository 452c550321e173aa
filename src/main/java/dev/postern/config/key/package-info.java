/// The definition of a configuration key: its name, how its text is parsed and which values are
/// valid. Concrete keys and the sources of texts are defined elsewhere.
@NullMarked
package dev.postern.config.key;

import org.jspecify.annotations.NullMarked;
