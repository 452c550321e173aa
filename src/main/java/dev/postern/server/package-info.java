/// The handlers of the auth entry points: forward-auth requests and outpost paths. They are put
/// together in [AuthHandlers]; [dev.postern.server.edge] speaks HTTP.
@NullMarked
package dev.postern.server;

import org.jspecify.annotations.NullMarked;
