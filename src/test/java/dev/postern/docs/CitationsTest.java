package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checks that everything cited in comments and pages exists in the repository: invariants, traps,
/// pages and their numbered sections; and that `docs/design/invariants.md` names every mutant once,
/// and only existing tests.
class CitationsTest {
  private static final String INVARIANTS = "docs/design/invariants.md";
  private static final String TRAPS = "docs/traps.md";

  private static final String NUMBERS =
      "(\\d+(?:\\.\\d+)*(?:(?:,\\s+and|,|\\s+and|\\s+to)\\s+\\d+(?:\\.\\d+)*)*)";
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)*");
  private static final Pattern INVARIANT = Pattern.compile("\\b[Ii]nvariants?\\s+" + NUMBERS);
  private static final Pattern TRAP = Pattern.compile("\\b[Tt]raps?\\s+" + NUMBERS);
  private static final Pattern PAGE = Pattern.compile("\\bdocs/[\\w./-]+\\.md\\b");
  private static final Pattern SECTION = Pattern.compile("\\b[Ss]ections?\\s+" + NUMBERS);

  /// Maximum distance between "section" and the name of its page before it.
  private static final int BEFORE = 200;

  /// The text before "section": a page, a link to a page, or an external document.
  private static final Pattern OF_PAGE = Pattern.compile("(docs/[\\w./-]+\\.md),?\\s+$");

  private static final Pattern OF_LINK = Pattern.compile("]\\(([\\w./-]+\\.md)\\),?\\s+$");
  private static final Pattern OF_OTHERS =
      Pattern.compile("(?:\\bRFC\\s+\\d+|\\bTrace\\s+Context),?\\s+$");

  /// Cited external documents, which are not in this repository.
  private static final Pattern ELSEWHERE =
      Pattern.compile("\\b\\w+-contract\\b|\\bcontract\\s+\\d|\\bstyle\\.md\\b");

  private static final Pattern HEADING =
      Pattern.compile("(?m)^#{2,6}\\s+(\\d+(?:\\.\\d+)*)\\.?\\s");
  private static final Pattern TRAP_ROW = Pattern.compile("(?m)^\\|\\s*(\\d+)\\s*\\|");
  private static final Pattern COMMENT = Pattern.compile("^([ +-]?\\s*)(///?|#)(.*)$");
  private static final Pattern CODE_SPAN = Pattern.compile("`([^`\\s]+)`");
  private static final Pattern TEST_NAME = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Properties))`");

  @TempDir private Path directory;

  /// A text whose offsets are those of its file.
  private record Source(Path path, String text) {
    String at(MatchResult found) {
      long line = 1 + text.substring(0, found.start()).chars().filter(c -> c == '\n').count();
      return path + ":" + line + ": " + found.group().replaceAll("\\s+", " ");
    }
  }

  private static List<String> faults(Path root) throws IOException {
    Set<String> invariants = headings(root.resolve(INVARIANTS));
    Set<String> traps = numbers(root.resolve(TRAPS), TRAP_ROW);
    List<String> faults = new ArrayList<>();
    for (Source source : sources(root)) {
      numbers(source, INVARIANT, invariants, faults);
      numbers(source, TRAP, traps, faults);
      PAGE.matcher(source.text())
          .results()
          .filter(page -> !Files.exists(root.resolve(page.group())))
          .forEach(page -> faults.add(source.at(page) + " is not there"));
      ELSEWHERE
          .matcher(source.text())
          .results()
          .forEach(document -> faults.add(source.at(document) + " is not in the repository"));
      sections(root, source, faults);
    }
    return faults;
  }

  private static void numbers(
      Source source, Pattern citation, Set<String> known, List<String> faults) {
    citation
        .matcher(source.text())
        .results()
        .filter(found -> !known.containsAll(numbers(found.group(1))))
        .forEach(found -> faults.add(source.at(found) + " is not there"));
  }

  private static void sections(Path root, Source source, List<String> faults) throws IOException {
    for (MatchResult found : SECTION.matcher(source.text()).results().toList()) {
      String before = source.text().substring(Math.max(0, found.start() - BEFORE), found.start());
      if (OF_OTHERS.matcher(before).find()) {
        continue;
      }
      Path page = page(root, source, before);
      if (page == null) {
        faults.add(source.at(found) + " belongs to no page");
      } else if (!headings(page).containsAll(numbers(found.group(1)))) {
        faults.add(source.at(found) + " is not in " + root.relativize(page));
      }
    }
  }

  /// The page whose section is cited; design pages may omit their own name.
  ///
  /// @return the page, or null when none is named
  private static @Nullable Path page(Path root, Source source, String before) {
    Matcher named = OF_PAGE.matcher(before);
    if (named.find()) {
      return root.resolve(named.group(1));
    }
    Path own = root.resolve(source.path());
    Matcher linked = OF_LINK.matcher(before);
    if (linked.find()) {
      return own.resolveSibling(linked.group(1)).normalize();
    }
    return source.path().startsWith(Path.of("docs", "design")) ? own : null;
  }

  private static Set<String> numbers(String list) {
    return NUMBER.matcher(list).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static Set<String> headings(Path page) throws IOException {
    return numbers(page, HEADING);
  }

  private static Set<String> numbers(Path page, Pattern pattern) throws IOException {
    return Files.exists(page)
        ? pattern
            .matcher(Files.readString(page))
            .results()
            .map(one -> one.group(1))
            .collect(Collectors.toSet())
        : Set.of();
  }

  /// Sources, mutants and pages. Of tests only comments count, because their strings contain
  /// citations that are wrong on purpose.
  private static List<Source> sources(Path root) throws IOException {
    List<Source> sources = new ArrayList<>();
    for (Path file : files(root.resolve("src/main"), ".java")) {
      sources.add(new Source(root.relativize(file), comments(Files.readString(file), true)));
    }
    for (Path file : files(root.resolve("src/test"), ".java")) {
      sources.add(new Source(root.relativize(file), comments(Files.readString(file), false)));
    }
    for (Path file : files(root.resolve("src/test/mutants"), "")) {
      sources.add(new Source(root.relativize(file), comments(Files.readString(file), true)));
    }
    for (MarkdownPage page : MarkdownPage.below(root)) {
      sources.add(new Source(root.relativize(page.path()), page.prose()));
    }
    return sources;
  }

  private static List<Path> files(Path directory, String end) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(end))
          .sorted()
          .toList();
    }
  }

  /// Removes comment markers, so that a citation may continue on the next line.
  private static String comments(String text, boolean withCode) {
    return text.lines()
        .map(line -> {
          Matcher comment = COMMENT.matcher(line);
          if (comment.matches()) {
            return " ".repeat(comment.start(3)) + comment.group(3);
          }
          return withCode ? line : "";
        })
        .collect(Collectors.joining("\n"));
  }

  /// The sections of docs/design/invariants.md by number.
  private static Map<Integer, String> invariants() throws IOException {
    Map<Integer, String> sections = new TreeMap<>();
    for (String section : Files.readString(Path.of(INVARIANTS)).split("(?m)^## ", -1)) {
      Matcher number = Pattern.compile("^(\\d+)\\. ").matcher(section);
      if (number.find()) {
        assertThat(sections.put(Integer.parseInt(number.group(1)), section)).isNull();
      }
    }
    return sections;
  }

  /// The items that a paragraph of a section lists.
  private static List<String> listed(String section, String title) {
    return Arrays.stream(section.split("\n\\s*\n"))
        .filter(paragraph -> paragraph.startsWith("**" + title + ".**"))
        .flatMap(paragraph -> CODE_SPAN.matcher(paragraph).results())
        .map(name -> name.group(1))
        .toList();
  }

  private static Set<String> testClasses() throws IOException {
    return files(Path.of("src/test/java"), ".java").stream()
        .map(file -> file.getFileName().toString().replace(".java", ""))
        .collect(Collectors.toSet());
  }

  @Test
  void citations_ofSourcesAndPages_leadSomewhere() throws IOException {
    assertThat(faults(Path.of("").toAbsolutePath())).isEmpty();
  }

  @Test
  void invariants_areAllThereInOrder_withTestsAndMutants() throws IOException {
    Map<Integer, String> invariants = invariants();
    assertThat(invariants.keySet())
        .containsExactlyElementsOf(Stream.iterate(1, n -> n + 1).limit(14).toList());
    assertThat(invariants)
        .allSatisfy((number, section) -> {
          assertThat(listed(section, "Tests")).isNotEmpty().doesNotHaveDuplicates();
          assertThat(listed(section, "Mutants")).isNotEmpty();
        });
  }

  @Test
  void mutants_standEachUnderItsInvariant_withTheTestsThatItNames() throws IOException {
    Map<String, Integer> sections = new TreeMap<>();
    Map<Integer, String> invariants = invariants();
    invariants.forEach((number, section) ->
        listed(section, "Mutants")
            .forEach(mutant ->
                assertThat(sections.put(mutant, number)).as("%s twice", mutant).isNull()));
    Map<String, Integer> files = new TreeMap<>();
    for (Path patch : files(Path.of("src/test/mutants"), ".patch")) {
      String name = patch.getFileName().toString().replace(".patch", "");
      String head = Files.readString(patch);
      Matcher invariant = Pattern.compile("^Invariants? (\\d+)").matcher(head);
      Matcher red = Pattern.compile("(?m)^Red: (.*)$").matcher(head);
      assertThat(invariant.find()).as("invariant of %s", name).isTrue();
      assertThat(red.find()).as("tests of %s", name).isTrue();
      int number = Integer.parseInt(invariant.group(1));
      files.put(name, number);
      assertThat(listed(invariants.getOrDefault(number, ""), "Tests"))
          .as("tests of %s", name)
          .containsAll(
              Arrays.stream(red.group(1).trim().split("\\s+"))
                  .map(test -> test.substring(test.lastIndexOf('.') + 1))
                  .toList());
    }
    assertThat(sections).isEqualTo(files);
  }

  @Test
  void tests_thatPagesOfTheDesignName_exist() throws IOException {
    Set<String> named = new HashSet<>();
    invariants().values().forEach(section -> named.addAll(listed(section, "Tests")));
    for (Path page : files(Path.of("docs/design"), ".md")) {
      TEST_NAME.matcher(Files.readString(page)).results().forEach(test -> named.add(test.group(1)));
    }
    assertThat(testClasses()).containsAll(named);
  }

  @BeforeEach
  void makeRepository() throws IOException {
    Files.createDirectories(directory.resolve("docs/design"));
    Files.createDirectories(directory.resolve("src/main/java"));
    Files.createDirectories(directory.resolve("src/test/java"));
    Files.writeString(
        directory.resolve(INVARIANTS), "# Invariants\n\n## 1. One\n\n## 2. Two\n\n### 2.1 Part\n");
    Files.writeString(directory.resolve(TRAPS), "# Traps\n\n| 1 | A | one |\n| 2 | B | two |\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/// Holds (invariant 3). | invariant 3 is not there",
        "/// Holds (invariants 1 and 3). | invariants 1 and 3 is not there",
        "/// Holds (invariant~/// 3). | invariant 3 is not there",
        "/// See trap 3. | trap 3 is not there",
        "/// See traps 1, 2 and 3. | traps 1, 2 and 3 is not there",
        "/// See docs/absent.md. | docs/absent.md is not there",
        "String a = \"see docs/absent.md\"; | docs/absent.md is not there",
        "/// (docs/design/invariants.md section 2.2) |"
            + " section 2.2 is not in docs/design/invariants.md",
        "/// (docs/design/invariants.md section~/// 3) |"
            + " section 3 is not in docs/design/invariants.md",
        "/// (docs/traps.md sections 1 and 2.1) | sections 1 and 2.1 is not in docs/traps.md",
        "/// As section 2.1 says. | section 2.1 belongs to no page",
        "/// (authentik-contract 2.1) | authentik-contract is not in the repository",
        "/// (contract 2.1) | contract 2 is not in the repository",
      })
  void citation_ofNothing_isFound(String source, String fault) throws IOException {
    Files.writeString(
        directory.resolve("src/main/java/A.java"), "\n" + source.replace('~', '\n') + "\n");
    assertThat(faults(directory)).containsExactly("src/main/java/A.java:2: " + fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "See section 3. | section 3 is not in docs/design/page.md",
        "See [it](invariants.md) section 3. | section 3 is not in docs/design/invariants.md",
        "See invariant 3. | invariant 3 is not there",
      })
  void citation_ofNothingInAPage_isFound(String text, String fault) throws IOException {
    Files.writeString(directory.resolve("docs/design/page.md"), "# A page\n\n" + text + "\n");
    assertThat(faults(directory)).containsExactly("docs/design/page.md:3: " + fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/// Holds (invariants 1 and 2, trap 2).",
        "/// (docs/design/invariants.md section~/// 2.1)",
        "/// (docs/design/invariants.md sections 1 and 2.1)",
        "/// (RFC 9110 section 7.6.1; W3C Trace Context section 3.2)",
        "/// No trap, and an invariant.",
      })
  void citation_ofSomething_isNoFault(String source) throws IOException {
    Files.writeString(directory.resolve("src/main/java/A.java"), source.replace('~', '\n') + "\n");
    Files.writeString(directory.resolve("src/test/java/B.java"), "String a = \"invariant 3\";\n");
    Files.writeString(
        directory.resolve("docs/design/page.md"),
        "# A page\n\n## 4.2 Part\n\nSee section 4.2 and [it](invariants.md) section 2.1.\n");
    assertThat(faults(directory)).isEmpty();
  }
}
