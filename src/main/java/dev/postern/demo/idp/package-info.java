/// The embedded demo identity provider: core and outpost on one port, with faults, journal,
/// websocket and admin API. The entry type is [dev.postern.demo.idp.DemoIdentityProvider].
@NullMarked
package dev.postern.demo.idp;

import org.jspecify.annotations.NullMarked;
