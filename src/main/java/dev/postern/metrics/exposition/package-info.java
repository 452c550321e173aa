/// Storage and output of samples. Prometheus's text format and OpenMetrics are printed from the
/// same families, with numbers as Go prints them.
@NullMarked
package dev.postern.metrics.exposition;

import org.jspecify.annotations.NullMarked;
