/// How samples are kept and printed. Prometheus's text format and OpenMetrics come from the same
/// families, with numbers as Go prints them.
@NullMarked
package dev.postern.metrics.exposition;

import org.jspecify.annotations.NullMarked;
