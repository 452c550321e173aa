package dev.postern;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Which package may know which other one, and where each library may be used.
class ArchitectureTest {
  private static final String ROOT = "dev.postern";

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /// Each package below the root and the packages that it may import. The root, which holds `Main`
  /// alone, may import all.
  static Stream<Arguments> imports() {
    return Stream.of(
        arguments("net", List.of()),
        arguments("config", List.of("net")),
        arguments("rules", List.of("net")),
        arguments("routing", List.of("config", "net", "rules")),
        arguments("verdict", List.of("config", "net", "routing")),
        arguments("upstream", List.of("config", "net", "routing", "verdict")),
        arguments("accesslog", List.of("config", "net", "routing", "verdict")),
        arguments("feeds", List.of("config", "net", "verdict")),
        arguments(
            "metrics", List.of("config", "net", "routing", "verdict", "upstream", "accesslog")),
        arguments(
            "server", List.of("config", "net", "routing", "verdict", "upstream", "accesslog")),
        arguments("logging", List.of("config")),
        arguments(
            "app",
            List.of(
                "config",
                "net",
                "routing",
                "rules",
                "verdict",
                "upstream",
                "accesslog",
                "feeds",
                "metrics",
                "server")),
        arguments("cli", List.of("app", "config", "demo", "logging", "net", "routing", "rules")),
        arguments("demo", List.of()));
  }

  /// Each library and the packages that may use it.
  static Stream<Arguments> fences() {
    List<String> text =
        List.of(
            "app",
            "cli",
            "config",
            "routing",
            "upstream",
            "feeds",
            "accesslog",
            "server.admin",
            "demo");
    return Stream.of(
        arguments("io.netty", List.of("server", "upstream", "feeds", "app")),
        arguments("io.undertow", List.of("server.admin")),
        arguments("org.xnio", List.of("server.admin")),
        arguments("io.micrometer", List.of("metrics", "app")),
        arguments("io.prometheus", List.of("metrics", "app")),
        arguments("com.github.benmanes.caffeine", List.of("verdict")),
        arguments("tools.jackson", text),
        arguments("com.fasterxml.jackson", text),
        arguments("ch.qos.logback", List.of("logging")),
        arguments("picocli", List.of("cli")));
  }

  @ParameterizedTest
  @MethodSource("imports")
  void package_inTheTable_importsOnlyWhatTheTableAllows(String name, List<String> allowed) {
    String[] reachable =
        Stream.concat(Stream.of(name), allowed.stream())
            .map(ArchitectureTest::subtree)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(subtree(name))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(reachable))))
        .allowEmptyShould(true)
        .check(PROGRAM);
  }

  @Test
  void packages_ofTheProgram_standInTheTable() {
    Set<Object> known = imports().map(row -> row.get()[0]).collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>();
    for (JavaClass type : PROGRAM) {
      String name = tableName(type);
      if (!name.isEmpty() && !known.contains(name)) {
        unknown.add(name);
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void packages_withTheirSubpackages_areAcyclic() {
    slices()
        .matching(ROOT + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(PROGRAM);
  }

  @ParameterizedTest
  @MethodSource("fences")
  void library_outsideItsFence_isNotUsed(String library, List<String> allowed) {
    String[] inside = allowed.stream().map(ArchitectureTest::subtree).toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(inside)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library + "..")
        .allowEmptyShould(true)
        .check(PROGRAM);
  }

  @Test
  void root_holdsMainAlone() {
    List<String> names =
        PROGRAM.stream()
            .filter(type -> type.getPackageName().equals(ROOT))
            .map(JavaClass::getSimpleName)
            .filter(name -> !name.equals("package-info"))
            .toList();
    assertThat(names).containsExactly("Main");
  }

  @Test
  void packages_names_areNotGrabBags() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..utils..", "..common..", "..misc..", "..helper..")
        .check(PROGRAM);
  }

  @Test
  void packages_all_areNullMarked() {
    List<String> unmarked =
        PROGRAM.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(inspected -> !inspected.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .toList();
    assertThat(unmarked).isEmpty();
  }

  @Test
  void standardStreams_outsideTheCommandLine_areNotUsed() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, subtree("cli"), subtree("logging"), subtree("demo"))
        .should(ACCESS_STANDARD_STREAMS)
        .allowEmptyShould(true)
        .check(PROGRAM);
  }

  /// The first part of the package's name below the root, empty for the root.
  private static String tableName(JavaClass type) {
    String below = type.getPackageName().substring(ROOT.length());
    return below.isEmpty() ? "" : below.substring(1).split("\\.", 2)[0];
  }

  private static String subtree(String name) {
    return ROOT + "." + name + "..";
  }
}
