/// What the operator says: configuration records, their loaders and the problems found in them.
/// Records hold values only; whoever reads them turns them into behaviour.
@NullMarked
package dev.postern.config;

import org.jspecify.annotations.NullMarked;
