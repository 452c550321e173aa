package dev.postern.config.dynamic;

import java.util.ArrayList;
import java.util.List;

/// Directories with one file in which one key of each type has a value of each unusual kind. Only
/// every third of them, unless the property `postern.rules.all` is true.
final class OddScalars {
  private static final List<String> KEYS =
      List.of(
          "http: { routers: { a: { rule: VALUE } } }",
          "http: { routers: { a: { rule: x, priority: VALUE } } }",
          "http: { routers: { a: { rule: x, tls: VALUE } } }",
          "http: { routers: { a: { rule: x, entryPoints: VALUE } } }",
          "http: { routers: { a: { rule: x, observability: { metrics: VALUE } } } }",
          "http: { routers: { a: VALUE } }",
          "http: { middlewares: { a: { rateLimit: { period: VALUE } } } }",
          "http: { middlewares: { a: { headers: { customRequestHeaders: { X: VALUE } } } } }",
          "http: { middlewares: { a: { errors: { statusRewrites: { \"1\": VALUE } } } } }",
          "http: { middlewares: { a: { plugin: { p: { k: VALUE } } } } }",
          "http: { services: { a: { loadBalancer: { servers: VALUE } } } }");
  private static final List<String> VALUES =
      List.of(
          "yes",
          "~",
          "''",
          "1",
          "0",
          "1.0",
          "1.5",
          "0x10",
          "010",
          "0o10",
          "1e3",
          "-5",
          "+5",
          "1_000",
          "08",
          "True",
          "\"true\"",
          "T",
          "[a, b]",
          "[]",
          "{}",
          "{ b: c }",
          "[{ b: c }]",
          "[{ url: c }]",
          "[1, true]",
          "[[a]]",
          "[~]",
          "2020-01-01",
          "\"2020-01-01\"",
          "2020-13-01",
          "2001-12-14T21:59:43.10Z",
          "2001-12-14 21:59:43",
          ".inf",
          ".5",
          "9223372036854775808",
          "18446744073709551616",
          "5s",
          "1m30s",
          "1.5h",
          "5 s",
          "\" a , b \"",
          "!!str 5",
          "!foo b",
          "1__0",
          "0b101",
          "-0x1f",
          "<<");

  private OddScalars() {}

  static List<RulesDirectory> directories() {
    List<RulesDirectory> directories = new ArrayList<>();
    boolean all = Boolean.getBoolean("postern.rules.all");
    int number = 0;
    for (String key : KEYS) {
      for (String value : VALUES) {
        if (all || number++ % 3 == 0) {
          String text = key.replace("VALUE", value) + "\n";
          directories.add(RulesDirectory.ofFile(text.strip(), "a.yml", text));
        }
      }
    }
    return directories;
  }
}
