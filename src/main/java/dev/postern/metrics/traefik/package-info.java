/// Traefik's own metrics, with its names, labels and values. What is measured is the forwarded
/// request, by what is known of its entry point, router and service (docs/design/traefik.md section
/// 4).
@NullMarked
package dev.postern.metrics.traefik;

import org.jspecify.annotations.NullMarked;
