package dev.postern.config.load;

import dev.postern.config.key.Key;

/// Writes `docs/configuration.md` from the table of keys.
final class ConfigurationDocs {
  private static final String BEGIN =
      """
      # Static configuration

      <!-- Generated from the table of keys: mvn test -Dtest=ConfigurationDocsTest -Dpostern.docs.write=true -->

      Read once, at start, from three layers. A key of a later layer wins over the same key of an earlier one:

      1. a file, `--configFile=FILE` or `POSTERN_CONFIGFILE`, else the first of `postern.yml`, `postern.yaml` and
         `postern.toml` in `/etc/postern`;
      2. environment variables, `POSTERN_` and the key with `_` for each dot;
      3. flags, `--key=value` or `--key value`.

      Nothing of it takes effect while Postern runs. SIGHUP (`kill -HUP`, `docker kill -s HUP`) reads certificates again, and this
      configuration as well: the log then says what is wrong with it, or what a restart would change.

      Keys are written in any case. A value that is empty or null is as if the key were absent. All problems are reported
      at once, each with its place; `postern validate FILE` prints the same list without starting anything,
      and which of the files that the configuration names (certificates, secrets, rules) cannot be used here.

      * A **duration** is written as Traefik reads it: `10s`, `1m30s`, `1.5h`, `500ms`, or a bare whole number of seconds.
      * A **size** is `64MiB`, `512KiB`, `1GiB` (powers of 1024), `64MB`, `64kB`, `1GB` (powers of 1000) or a bare number of bytes.
      * A **list** is a list in a file, and text with commas in a variable or flag; a flag may be repeated.
      * An **address** is `:9000` (every interface), `127.0.0.1:9000` or `[::1]:9000`.
      * A **section** (`entryPoints.auths`) is on as soon as it or a key in it is named; `=false` switches it off again.
        While neither `entryPoints.auth` nor `entryPoints.auths` is named, `entryPoints.auth` is open. The admin entry point
        always exists.
      * A key that ends in **`<name>`** stands for every key of its section: `accessLog.fields.names.ClientUsername: drop`.
      * A **secret** is never printed; write it to a file and name that with the `…File` key.

      Variables of the launcher (`POSTERN_JAVA_OPTS`) and those that Kubernetes sets for a service called postern
      (`POSTERN_PORT`, `POSTERN_SERVICE_HOST`, …) are ignored; any other unknown `POSTERN_` variable is a problem.

      """;

  private ConfigurationDocs() {}

  /// The whole page.
  ///
  /// @param example the complete example file, YAML
  static String page(String example) {
    var page = new StringBuilder(BEGIN);
    String section = "";
    for (Key<?> key : StaticKeys.TABLE.keys()) {
      if (!sectionOf(key).equals(section)) {
        section = sectionOf(key);
        page.append("## ").append(section).append("\n\n");
      }
      append(key, page);
    }
    return page.append("## A complete file\n\n```yaml\n")
        .append(example)
        .append("```\n")
        .toString();
  }

  /// The first word, and for entry points the second.
  private static String sectionOf(Key<?> key) {
    String[] words = key.name().split("\\.", -1);
    return words[0].equals("entryPoints") ? words[0] + "." + words[1] : words[0];
  }

  private static void append(Key<?> key, StringBuilder page) {
    page.append("### `").append(key.name()).append("`\n\n").append(key.help()).append("\n\n");
    page.append("* Value: ").append(key.kind().noun());
    if (!key.bounds().words().isEmpty()) {
      page.append(", ").append(key.bounds().words());
    }
    page.append("\n* Default: ")
        .append(key.standard().isEmpty() ? "none" : "`" + key.standard() + "`");
    if (!key.example().isEmpty()) {
      page.append("\n* Example: `").append(key.example()).append('`');
    }
    page.append("\n* Variable: `").append(key.environmentName()).append('`');
    page.append("\n* Flag: `").append(key.flag()).append(suffix(key)).append("`\n\n");
  }

  private static String suffix(Key<?> key) {
    return switch (key.kind().shape()) {
      case BOOLEAN, SWITCH -> "";
      case SCALAR -> "=" + sample(key);
      case LIST -> "=" + key.example();
    };
  }

  private static String sample(Key<?> key) {
    if (key.kind().secret() && key.example().isEmpty()) {
      return "…";
    }
    return key.standard().isEmpty() ? key.example() : key.standard();
  }
}
