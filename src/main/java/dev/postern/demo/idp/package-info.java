/// The embedded demo identity provider: core and outpost behind one port, with knobs, journal,
/// websocket and admin API. The entry type is [dev.postern.demo.idp.DemoIdentityProvider].
@NullMarked
package dev.postern.demo.idp;

import org.jspecify.annotations.NullMarked;
