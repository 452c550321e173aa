/// Routers and applications as their sources describe them, before a route table is made of them.
/// What is here is data; nothing in it has been checked against the rule language yet.
@NullMarked
package dev.postern.routing.definition;

import org.jspecify.annotations.NullMarked;
