package dev.postern.cli;

import dev.postern.logging.LogText;
import dev.postern.rules.Priorities;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleResult;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.ByteStrings;
import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.RequestPath;
import dev.postern.rules.request.RuleRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `postern rules eval`: reads lines of JSON with a rule and a request, and prints for each how
/// Traefik evaluates them. The request must be as Traefik's muxer receives it: the caller has to do
/// what the entry point does before, path clean-up and `X-Forwarded-*` headers
/// (docs/design/traefik.md section 0, stages 2 to 7).
final class RulesEvalCommand {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> KEYS =
      List.of("rule", "syntax", "method", "url", "headers", "remoteAddr", "host", "cnameFlatten");

  private RulesEvalCommand() {}

  static CommandSpec spec() {
    CommandSpec spec =
        CommandSpecs.spec(
            "Evaluates Traefik rules: rules eval reads lines of JSON {rule, syntax, method, url,"
                + " headers, remoteAddr} and prints {valid, errorKind, match, priority} for each.");
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("eval")
            .arity("1")
            .type(String.class)
            .converters(RulesEvalCommand::action)
            .description("The only subcommand of rules.")
            .build());
  }

  private static String action(String text) {
    if (!text.equals("eval")) {
      throw new TypeConversionException("must be eval");
    }
    return text;
  }

  /// Evaluates each line of a stream; an invalid line does not stop it.
  ///
  /// @param in lines of JSON in UTF-8; empty lines are skipped
  /// @param out receives one result per valid line
  /// @param err receives one message per invalid line
  /// @return the exit code: 1 if a line was invalid
  static int run(InputStream in, PrintWriter out, PrintWriter err) {
    int exit = Cli.OK;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && !evaluated(line, out, err)) {
          exit = Cli.NEGATIVE;
        }
      }
    } catch (IOException e) {
      err.println("postern: the input cannot be read: " + e.getMessage());
      exit = Cli.NEGATIVE;
    }
    return exit;
  }

  private static boolean evaluated(String line, PrintWriter out, PrintWriter err) {
    try {
      out.println(eval(line));
      return true;
    } catch (IllegalArgumentException e) {
      err.println("postern: " + LogText.escape(String.valueOf(e.getMessage())));
      return false;
    }
  }

  /// Evaluates one line.
  ///
  /// @param line an object with `rule`, `syntax` (`v2` or `v3`) and the request: `url`, `method`,
  ///   `headers` (name to value or list of values), `remoteAddr`, and where it differs from the
  ///   URL's, `host`; `cnameFlatten` is the end of the CNAME chain when flattening is enabled
  /// @return an object with `valid`, `errorKind` (null for a valid rule), `match` and `priority`
  /// @throws IllegalArgumentException if the line is not such an object
  static String eval(String line) {
    JsonNode input = read(line);
    String rule = text(input, "rule", "");
    RuleSyntax syntax = RuleSyntax.ofConfigured(text(input, "syntax", "v3"));
    RuleResult<CompiledRule> result = RuleCompiler.compile(rule, syntax);
    ObjectNode output = JSON.createObjectNode();
    output.put("valid", result.valid().isPresent());
    output.put(
        "errorKind",
        result.invalid().map(RuleProblem::kind).map(RuleProblem.Kind::text).orElse(null));
    boolean match =
        result.valid().flatMap(compiled -> request(input).map(compiled::matches)).orElse(false);
    output.put("match", match);
    output.put("priority", Priorities.effective(0, rule));
    return output.toString();
  }

  private static JsonNode read(String line) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a line of JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          "not a JSON object with rule, syntax, method, url, headers");
    }
    for (String key : node.propertyNames()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key " + key + "; known keys are " + String.join(", ", KEYS));
      }
    }
    return node;
  }

  /// The request, or empty if Traefik responds 400.
  private static Optional<RuleRequest> request(JsonNode input) {
    Url url = Url.parse(ByteStrings.fromText(text(input, "url", "/")));
    Map<String, List<String>> headers = headers(input.path("headers"));
    String fallback = headers.getOrDefault("Host", List.of("")).getFirst();
    String authority = url.authority.isEmpty() ? fallback : url.authority;
    String host = input.hasNonNull("host") ? text(input, "host", "") : authority;
    if (!host.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      return Optional.empty();
    }
    String remoteAddress = input.path("remoteAddr").asString("");
    String flattened = input.hasNonNull("cnameFlatten") ? text(input, "cnameFlatten", "") : null;
    @Nullable IpAddress peer = IpAddress.ofPeer(remoteAddress);
    return RequestPath.escaped(url.path)
        .flatMap(RequestPath::routingPath)
        .map(path ->
            new RuleRequest(
                text(input, "method", "GET"),
                host,
                flattened,
                path,
                url.query,
                name -> name.equals("Host") ? List.of() : headers.getOrDefault(name, List.of()),
                peer));
  }

  private static Map<String, List<String>> headers(JsonNode object) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, JsonNode> header : object.properties()) {
      List<String> values = headers.computeIfAbsent(header.getKey(), _ -> new ArrayList<>());
      if (header.getValue().isArray()) {
        header.getValue().forEach(value -> values.add(ByteStrings.fromText(value.asString())));
      } else {
        values.add(ByteStrings.fromText(header.getValue().asString()));
      }
    }
    headers.values().removeIf(List::isEmpty);
    return headers;
  }

  private static String text(JsonNode input, String key, String absent) {
    return input.path(key).asString(absent);
  }

  /// The parts of a URL, or of a request target that begins with a slash.
  private record Url(String authority, String path, String query) {
    static Url parse(String text) {
      int fragment = text.indexOf('#');
      String url = fragment < 0 ? text : text.substring(0, fragment);
      int scheme = url.indexOf("://");
      String rest = scheme < 0 ? url : url.substring(scheme + 3);
      int question = rest.indexOf('?');
      String before = question < 0 ? rest : rest.substring(0, question);
      int slash = scheme < 0 ? 0 : before.indexOf('/');
      String authority = slash < 0 ? before : before.substring(0, slash);
      return new Url(
          authority.substring(authority.lastIndexOf('@') + 1),
          slash < 0 ? "" : before.substring(slash),
          question < 0 ? "" : rest.substring(question + 1));
    }
  }
}
