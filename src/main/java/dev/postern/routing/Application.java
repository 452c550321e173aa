package dev.postern.routing;

/// What the upstream protects as one unit, and so what one verdict is about.
///
/// @param name what identifies it; without any configuration the exact host, byte for byte as
///   received, because to the outpost another spelling is another application (authentik-contract
///   3)
public record Application(String name) {}
