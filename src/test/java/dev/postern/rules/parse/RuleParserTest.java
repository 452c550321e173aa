package dev.postern.rules.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleProblem.Kind;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.Vectors;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.ByteStrings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RuleParserTest {

  static Stream<JsonNode> table() {
    return Vectors.cases("rules-grammar", "table");
  }

  static Stream<JsonNode> derived() {
    return Vectors.cases("rules-grammar", "derived");
  }

  @ParameterizedTest
  @MethodSource("table")
  void parse_vectorOfTraefik_buildsItsTree(JsonNode vector) {
    Optional<Rule> rule =
        RuleParser.parse(
                vector.path("rule").asString(), Vectors.texts(vector.path("knownMatchers")))
            .valid();
    assertThat(rule.isPresent()).isEqualTo(vector.path("parses").asBoolean());
    rule.ifPresent(parsed -> assertThat(sum(parsed, false)).isEqualTo(sum(vector.path("tree"))));
  }

  /// Traefik's tree has no negated groups, so ours is written with De Morgan's laws.
  private static String sum(Rule rule, boolean negated) {
    return switch (rule) {
      case Rule.Matcher m -> (negated ? "!" : "") + m.name() + m.arguments();
      case Rule.Not(Rule term) -> sum(term, !negated);
      case Rule.And(List<Rule> terms) -> join(terms, negated ? "or" : "and", negated);
      case Rule.Or(List<Rule> terms) -> join(terms, negated ? "and" : "or", negated);
    };
  }

  private static String join(List<Rule> terms, String operator, boolean negated) {
    assertThat(terms).hasSize(2);
    return "(" + sum(terms.get(0), negated) + operator + sum(terms.get(1), negated) + ")";
  }

  private static String sum(JsonNode tree) {
    return tree.has("op")
        ? "(" + sum(tree.path("left")) + tree.path("op").asString() + sum(tree.path("right")) + ")"
        : (tree.path("not").asBoolean() ? "!" : "")
            + tree.path("matcher").asString()
            + Vectors.texts(tree.path("args"));
  }

  @ParameterizedTest
  @MethodSource("derived")
  void compile_vectorOfTraefik_agreesInBothSyntaxes(JsonNode vector) {
    for (RuleSyntax syntax : RuleSyntax.values()) {
      Optional<RuleProblem> problem =
          RuleCompiler.compile(vector.path("rule").asString(), syntax).invalid();
      assertThat(problem.isEmpty()).isEqualTo(vector.path("valid" + syntax).asBoolean());
      assertThat(problem.map(p -> p.kind().text()).orElse(""))
          .isEqualTo(vector.path("errorKind" + syntax).asString(""));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '§',
      value = {
        "Host(`a`) && Foo(`b`) → UNKNOWN_MATCHER → 14",
        "Host(`é`) && foo(`b`) → UNKNOWN_MATCHER → 14",
        "Host(`𝒳`) && foo(`b`) → UNKNOWN_MATCHER → 14",
        "Host(`a`) & Path(`/b`) → SYNTAX → 11",
        "Foo(1) & Host(`a`) → UNKNOWN_MATCHER → 1",
        "Host(1) & Foo(`a`) → SYNTAX → 1",
        "Host(-Foo(`a`)) → SYNTAX → 6",
        "Host(Foo(`a`) + 1) → SYNTAX → 6",
        "Host(Foo(`a`)) → UNKNOWN_MATCHER → 6",
        "Foo(`a`)(`b`) → SYNTAX → 1",
        "Foo(`a`).x → SYNTAX → 1",
        "Foo(`a`)[1] → SYNTAX → 1",
        "Host(`a`)[1:2] && Foo(`a`) → SYNTAX → 1",
        "Foo(`a`) && ( → SYNTAX → 14",
        "Foo(08) → SYNTAX → 5",
        "Foo(8) → UNKNOWN_MATCHER → 1",
        "-Foo(`a`) → SYNTAX → 1",
        "!`a` && Foo() → SYNTAX → 1",
        "`a` && Foo() → UNKNOWN_MATCHER → 8",
        "(Host)(`a`) → SYNTAX → 1",
        "Host(`a`) == Host(`b`) → SYNTAX → 11",
        "Host((`a`)) → SYNTAX → 6",
        "Host(`a`, Host(`b`)) → SYNTAX → 1",
        "Host → SYNTAX → 1",
        "a.b.Host(`a`) → SYNTAX → 1",
        "Host(`a`) && !!!Bar(`x`) → UNKNOWN_MATCHER → 17",
      })
  void parse_badRule_namesKindAndColumn(String rule, Kind kind, int column) {
    RuleProblem problem = RuleParser.parse(rule, RuleSyntax.V3).invalid().orElseThrow();
    assertThat(problem.kind()).isEqualTo(kind);
    assertThat(problem.column()).as(problem.message()).isEqualTo(column);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFFHost(`a`)",
        "Host(`a`)\n\n",
        "Host(`a`) // comment",
        "// comment\nHost(`a`)",
        "/* a\nb */ Host(`a`)",
        "Host(`a`) &&/*\n*/Host(`b`)",
        "Host(`a`) /* b */\n",
        "Host(`a`) /*\n*/",
        "/*line :x*/Host(`a`) && Host(`b`",
        "Host(`a`,)",
        "Host(`a`...,)",
        "Host(`a`)&&!Host(`b`)",
        "Host(\"\\xff\\377\\u00e9\\U0001F600\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\")",
        "Host(`a\nb`)",
        "(\tHost\r(\r\n`a`)\t)",
      })
  void parse_oddButGo_isTakenOrRefusedAsGoDoes(String rule) {
    boolean broken = rule.contains("line :x");
    assertThat(RuleParser.parse(rule, RuleSyntax.V3).valid().isPresent()).isEqualTo(!broken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host(`a`)\uFEFF",
        "Host(`\uFEFF`)",
        "Host(`\0`)",
        "// \0\nHost(`a`)",
        "Host(`a`) \f",
        "Host(`a`)\u000B",
        "Host(`a`)\u00A0",
        "Host(`a`)\n&& Host(`b`)",
        "Host(`a`) /*\n*/ && Host(`b`)",
        "(Host(`a`)\n)",
        "Host(`a`\n)",
        "Host(`a`) /*",
        "Host(`a`) // x\n && Host(`b`)",
        "//line x:y\nHost(`a`)",
        "/*line x:0*/Host(`a`)",
        "Host(\"\\400\")",
        "Host(\"\\ud800\")",
        "Host(\"\\U00110000\")",
        "Host(\"\\'\")",
        "Host(\"\\d\")",
        "Host(\"\\x1\")",
        "Host(\"a\nb\")",
        "Host(\"a",
        "Host(`a",
        "Host('a')",
        "Host('ab')",
        "Host(\uD800`a`)",
        "Host(`a`) &&& Host(`b`)",
        "Host(`a`)) ",
        "Host(`a`...,`b`)",
        "Host(...)",
        "Host(`a` `b`)",
        "Host{}",
        "func() {}",
        "Host.(x)",
        "Host(`a`)++",
        "return(`a`)",
        "Host(`a`) = Host(`b`)",
        "Host(`a`):",
        "“Host”(`a`)",
        "x[]",
        "x[1:]",
        "x[::]",
      })
  void parse_notARule_isASyntaxError(String rule) {
    assertThat(RuleParser.parse(rule, RuleSyntax.V3).invalid().map(RuleProblem::kind))
        .contains(Kind.SYNTAX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '§',
      value = {
        "§\"a\\x62\\143\"§ → abc",
        "§\"\\u00e9\"§ → é",
        "§\"é`\"§ → é`",
        "§`\\x62`§ → §\\x62§",
        "§\"\\\\.\"§ → §\\.§",
        "§`a\rb`§ → ab",
      })
  void parse_stringLiteral_hasGosValue(String literal, String value) {
    Rule rule = RuleParser.parse("Path(" + literal + ")", RuleSyntax.V3).valid().orElseThrow();
    assertThat(rule.leaves().getFirst().arguments()).containsExactly(ByteStrings.fromText(value));
  }

  @Test
  void parse_escapedByte_staysAByte() {
    Rule rule = RuleParser.parse("Path(\"/\\xff\")", RuleSyntax.V3).valid().orElseThrow();
    assertThat(rule.leaves().getFirst().arguments()).containsExactly("/\u00FF");
    assertThat(rule.print()).isEqualTo("Path(\"/\\xff\")");
  }

  @ParameterizedTest
  @EnumSource(RuleSyntax.class)
  void parse_fourSpellings_areAllOneMatcher(RuleSyntax syntax) {
    for (String name : List.of("ClientIP", "clientip", "CLIENTIP", "Clientip")) {
      assertThat(RuleParser.parse(name + "(`::1`)", syntax).valid().map(Rule::print))
          .contains("ClientIP(`::1`)");
    }
    assertThat(RuleParser.parse("clientIP(`::1`)", syntax).invalid().map(RuleProblem::kind))
        .contains(Kind.UNKNOWN_MATCHER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '§',
      value = {
        "((Host(`a`))) → Host(`a`)",
        "!!(Host(`a`)) → Host(`a`)",
        "!(!(!Host(`a`))) → !Host(`a`)",
        "Host(`a`)||Host(`b`)&&Host(`c`) → Host(`a`) || Host(`b`) && Host(`c`)",
        "(Host(`a`)||Host(`b`))&&Host(`c`) → (Host(`a`) || Host(`b`)) && Host(`c`)",
        "Host(`a`)&&(Host(`b`)&&Host(`c`)) → Host(`a`) && (Host(`b`) && Host(`c`))",
        "!(Host(`a`)&&HOST(\"b`\")) → !(Host(`a`) && Host(\"b`\"))",
        "Host(`a`)&&Host(`b`)&&Host(`c`)||Host(`d`)||Host(`e`) → Host(`a`) && Host(`b`) &&"
            + " Host(`c`) || Host(`d`) || Host(`e`)",
      })
  void print_parsedRule_isCanonical(String text, String printed) {
    assertThat(RuleParser.parse(text, RuleSyntax.V3).valid().map(Rule::print)).contains(printed);
  }
}
