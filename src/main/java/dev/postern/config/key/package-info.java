/// What a key of a configuration is: its name, how its text is read and which values it takes.
/// Nothing here knows a particular key or where texts come from.
@NullMarked
package dev.postern.config.key;

import org.jspecify.annotations.NullMarked;
