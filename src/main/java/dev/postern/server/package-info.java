/// The handlers of the auth entry points: forward-auth requests and outpost paths. [AuthHandlers]
/// combines them; [dev.postern.server.edge] implements HTTP.
@NullMarked
package dev.postern.server;

import org.jspecify.annotations.NullMarked;
