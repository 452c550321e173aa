package dev.postern.cli;

import dev.postern.app.Version;
import dev.postern.logging.LogText;
import picocli.CommandLine.Model.CommandSpec;

/// `postern version`.
final class VersionCommand {
  private VersionCommand() {}

  static CommandSpec spec() {
    return CommandSpecs.withOutput(CommandSpecs.spec("Prints the version."));
  }

  static String json() {
    return "{\"version\":"
        + LogText.json(Version.number())
        + ",\"java\":"
        + LogText.json(Runtime.version().toString())
        + "}";
  }
}
