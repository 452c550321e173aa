/// Traefik's own metrics, with its names, labels and values. They measure the forwarded request, as
/// far as its entry point, router and service are known (docs/design/traefik.md section 4).
@NullMarked
package dev.postern.metrics.traefik;

import org.jspecify.annotations.NullMarked;
