package dev.postern.rules.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleResult;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.parse.RuleParser;
import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.regexp.GoRegexpException;
import dev.postern.rules.request.ByteStrings;
import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.RequestPath;
import dev.postern.rules.request.RuleRequest;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class RulePropertiesTest {

  @Property
  void parse_printedRule_isTheSameRule(@ForAll("trees") Rule rule) {
    RuleResult<Rule> parsed = RuleParser.parse(rule.print(), RuleSyntax.V3);
    assertThat(parsed.valid()).as(rule.print()).contains(rule);
    assertThat(parsed.valid().map(Rule::leaves)).contains(rule.leaves());
    assertThat(parsed.valid().map(Rule::hashCode)).contains(rule.hashCode());
  }

  @Property
  void matches_deMorgan_holds(
      @ForAll("goodTrees") Rule a,
      @ForAll("goodTrees") Rule b,
      @ForAll("requests") RuleRequest request) {
    boolean left = matches(new Rule.And(List.of(a, b)).negate(), request);
    assertThat(left).isEqualTo(matches(new Rule.Or(List.of(a.negate(), b.negate())), request));
    assertThat(left).isEqualTo(!(matches(a, request) && matches(b, request)));
    boolean either = matches(new Rule.Or(List.of(a, b)).negate(), request);
    assertThat(either).isEqualTo(matches(new Rule.And(List.of(a.negate(), b.negate())), request));
    assertThat(either).isEqualTo(!matches(a, request) && !matches(b, request));
  }

  @Property
  void matches_anyRuleAndAnyBytes_neverThrows(
      @ForAll("trees") Rule rule, @ForAll("requests") RuleRequest request) {
    for (RuleSyntax syntax : RuleSyntax.values()) {
      RuleCompiler.compile(rule, syntax).valid().ifPresent(compiled -> compiled.matches(request));
    }
  }

  @Property
  void parse_anyText_neverThrows(@ForAll String text, @ForAll("bytes") String bytes) {
    for (RuleSyntax syntax : RuleSyntax.values()) {
      assertThat(RuleCompiler.compile(text, syntax)).isNotNull();
      assertThat(RuleCompiler.compile("HostRegexp(`" + bytes + "`)", syntax)).isNotNull();
    }
  }

  @Property
  void compile_anyPattern_isRefusedOrRuns(
      @ForAll("patterns") String pattern, @ForAll("bytes") String text) {
    try {
      GoRegexp.compile(pattern).find(text);
    } catch (GoRegexpException e) {
      assertThat(e.message()).isNotEmpty();
    }
  }

  @Property
  void atEntryPoint_anyPath_isAFixedPoint(@ForAll("paths") String path) {
    Optional<String> once = RequestPath.atEntryPoint(path);
    assertThat(once.flatMap(RequestPath::atEntryPoint)).isEqualTo(once);
    assertThat(once.flatMap(RequestPath::routingPath).isPresent()).isEqualTo(once.isPresent());
  }

  private static boolean matches(Rule rule, RuleRequest request) {
    return RuleCompiler.compile(rule, RuleSyntax.V3).valid().orElseThrow().matches(request);
  }

  @Provide
  Arbitrary<Rule> trees() {
    Arbitrary<String> name = Arbitraries.of(RuleSyntax.V3.matchers());
    Arbitrary<String> word =
        Arbitraries.of("a", "/a", "*", ".*", "[^a]", "10.0.0.0/8", "", "é", "x`y");
    Arbitrary<List<String>> arguments =
        Arbitraries.frequencyOf(Tuple.of(2, word), Tuple.of(1, bytes())).list().ofMaxSize(3);
    return tree(Combinators.combine(name, arguments).as((n, a) -> new Rule.Matcher(n, a, 1)));
  }

  @Provide
  Arbitrary<Rule> goodTrees() {
    return tree(
        Arbitraries.of(
            matcher("Host", "a"),
            matcher("Host", "*.b"),
            matcher("HostRegexp", "^[a-c]"),
            matcher("Path", "/a"),
            matcher("PathPrefix", "/"),
            matcher("PathRegexp", "[a-z]$"),
            matcher("Method", "get"),
            matcher("Header", "X-A", "1"),
            matcher("Query", "a"),
            matcher("ClientIP", "10.0.0.0/8")));
  }

  private static Rule matcher(String name, String... arguments) {
    return new Rule.Matcher(name, List.of(arguments), 1);
  }

  private static Arbitrary<Rule> tree(Arbitrary<? extends Rule> leaves) {
    Arbitrary<Rule> leaf = leaves.map(rule -> rule);
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                inner,
                inner.map(Rule::negate),
                inner.list().ofMinSize(2).ofMaxSize(4).map(Rule.And::new),
                inner.list().ofMinSize(2).ofMaxSize(4).map(Rule.Or::new)),
        0,
        4);
  }

  @Provide
  Arbitrary<String> bytes() {
    return Arbitraries.strings().withCharRange('\0', '\u00FF').ofMaxLength(12);
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of(
            "a", "(", ")", "(?:", "|", "*", "{2}", "[", "]", "^", "\\", "\\p{L}", "(?i)", "-", "é")
        .map(ByteStrings::fromText)
        .list()
        .ofMaxSize(10)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "/", "/", "a", ".", "..", "%2f", "%2F", "%41", "%zz", "{", "'", "\u00FF", "%c3%a9", "*")
        .list()
        .ofMaxSize(8)
        .map(parts -> "/" + String.join("", parts));
  }

  @Provide
  Arbitrary<RuleRequest> requests() {
    Arbitrary<String> host =
        Arbitraries.oneOf(Arbitraries.of("a", "x.b", "b:80", "[::1]", ""), bytes());
    Arbitrary<String> path = Arbitraries.oneOf(Arbitraries.of("/", "/a", "/b/c"), bytes());
    Arbitrary<String> query = Arbitraries.oneOf(Arbitraries.of("", "a", "a=1&b"), bytes());
    Arbitrary<String> value = Arbitraries.oneOf(Arbitraries.of("1"), bytes());
    Arbitrary<String> peer = Arbitraries.of("10.1.1.1", "::1", "", "x", "[fe80::1%e]:1");
    Arbitrary<Optional<String>> flattened = Arbitraries.of(Optional.empty(), Optional.of("x.b"));
    return Combinators.combine(host, path, query, value, peer, flattened)
        .as((h, p, q, v, ip, f) ->
            new RuleRequest("GET", h, f.orElse(null), p, q, _ -> List.of(v), IpAddress.ofPeer(ip)));
  }
}
