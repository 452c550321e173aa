/// The services behind the demo's front proxy: whoami and the page of a hundred images. Both are
/// plain HTML and CSS without external resources.
@NullMarked
package dev.postern.demo.page;

import org.jspecify.annotations.NullMarked;
