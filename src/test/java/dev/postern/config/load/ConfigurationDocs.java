package dev.postern.config.load;

import dev.postern.config.key.Key;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes `docs/configuration.md` from the table of keys.
final class ConfigurationDocs {
  private static final String BEGIN =
      """
      # Static configuration

      <!-- Generated from the table of keys: mvn test -Dtest=ConfigurationDocsTest -Dpostern.docs.write=true -->

      Every key of the static configuration, with its default, its variable and its flag. Only `upstream.url` is required. Applications and
      options of routers are not here: they are in the [rules directory](routing.md).

      """;

  private static final String INTRODUCTION =
      """
      ## Keys that most people set

      | Key | When |
      |---|---|
      | [`upstream.url`](#upstreamurl) | always: authentik's server, or a standalone outpost |
      | `forwardedHeaders.trustedIPs` of [`auth`](#entrypointsauthforwardedheaderstrustedips) and [`auths`](#entrypointsauthsforwardedheaderstrustedips) | always, where other machines or containers can reach Postern: Traefik's address |
      | [`entryPoints.auths`](#entrypointsauths) | Traefik calls Postern over TLS with HTTP/2, which is faster. Then also set `entryPoints.auth` if the outpost's router uses plain HTTP |
      | [`entryPoints.admin.address`](#entrypointsadminaddress) | Prometheus runs elsewhere: `:9300` |
      | [`admin.tokenFile`](#admintokenfile) | you use the API from elsewhere |
      | [`providers.file.directory`](#providersfiledirectory) | Postern has to know your routers and applications |
      | [`feeds.websocket`](#feedswebsocket) | sessions that end in authentik have to lose their access at once |
      | [`cache.ttl`](#cachettl) | 60 s are too long, or too short |
      | [`cache.loginLimit.sourceCriterion`](#cacheloginlimitsourcecriterionipstrategydepth) | there is a CDN or another proxy in front of Traefik |
      | [`accessLog`](#accesslog) | you want a log of requests |
      | [`stateDirectory`](#statedirectory) | the self-made certificate has to be in another place |

      ## How it is read

      Postern reads the configuration once, at start, from three layers. A key in a later layer replaces the same key in an earlier one:

      1. a file: `--configFile=FILE` or `POSTERN_CONFIGFILE`, otherwise the first of `postern.yml`, `postern.yaml` and `postern.toml` in
         `/etc/postern`;
      2. environment variables: `POSTERN_` and the key, with `_` for each dot;
      3. flags: `--key=value` or `--key value`.

      A change takes effect after a restart. SIGHUP (`systemctl reload postern`, `docker kill -s HUP postern`) reloads certificates and rules,
      and reads this configuration as well. The log then says what is wrong with it, or what a restart would change.

      Keys can be in upper or lower case. An empty value or null counts as absent. All problems are reported at once, each with its place.
      `postern validate FILE` prints the same list without starting anything, and also reports files that the configuration names
      (certificates, secrets, rules) and that cannot be used.

      ## Kinds of values

      * A **duration** is written as in Traefik: `10s`, `1m30s`, `1.5h`, `500ms`, or a bare whole number of seconds.
      * A **size** is `64MiB`, `512KiB`, `1GiB` (powers of 1024), `64MB`, `64kB`, `1GB` (powers of 1000) or a bare number of bytes.
      * A **list** is a list in a file, and text with commas in a variable or flag. A flag can be repeated.
      * An **address** is `:9000` (every interface), `127.0.0.1:9000` or `[::1]:9000`.
      * A **section** (`entryPoints.auths`) is on as soon as it or a key in it is set; `=false` turns it off again.
        If neither `entryPoints.auth` nor `entryPoints.auths` is set, `entryPoints.auth` is on. The admin entry point is always on.
      * A key that ends in **`<name>`** stands for every key of its section: `accessLog.fields.names.ClientUsername: drop`.
      * A **secret** is never printed. Write it to a file, and set the `…File` key to that file.

      Variables of the launcher (`POSTERN_JAVA_OPTS`) and those that Kubernetes sets for a service called postern (`POSTERN_PORT`,
      `POSTERN_SERVICE_HOST`, …) are ignored. Any other unknown `POSTERN_` variable is a problem.

      """;

  private ConfigurationDocs() {}

  /// The whole page.
  ///
  /// @param example the complete example file, YAML
  static String page(String example) {
    var page = new StringBuilder(BEGIN).append(contents()).append(INTRODUCTION);
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

  /// The headings of the page, with links to them.
  private static String contents() {
    List<String> introduction =
        List.of("Keys that most people set", "How it is read", "Kinds of values");
    return Stream.of(
                introduction.stream(),
                StaticKeys.TABLE.keys().stream().map(ConfigurationDocs::sectionOf).distinct(),
                Stream.of("A complete file"))
            .flatMap(headings -> headings)
            .map(heading -> "* [" + heading + "](#" + anchor(heading) + ")")
            .collect(Collectors.joining("\n"))
        + "\n\n";
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replace(".", "").replace(' ', '-');
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
