package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checks that no link in the documentation is broken. External links are not followed; their hosts
/// must be in the list here.
class DocsLinksTest {
  private static final Set<String> HOSTS = Set.of("docs.goauthentik.io", "doc.traefik.io");

  @TempDir private Path directory;

  private static Path repository() {
    return Path.of("").toAbsolutePath();
  }

  private static List<String> broken(Path root) throws IOException {
    List<String> broken = new ArrayList<>();
    for (MarkdownPage page : MarkdownPage.below(root)) {
      for (MarkdownPage.Link link : page.links()) {
        String fault = fault(root, page, link.target());
        if (!fault.isEmpty()) {
          broken.add(
              root.relativize(page.path()) + ":" + link.line() + ": " + link.target() + fault);
        }
      }
    }
    return broken;
  }

  /// The error of a link, or empty.
  private static String fault(Path root, MarkdownPage page, String target) throws IOException {
    if (target.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      URI uri = URI.create(target);
      if (!"https".equals(uri.getScheme())) {
        return " is not https";
      }
      return HOSTS.contains(uri.getHost()) ? "" : " leads to a host that is not listed";
    }
    if (target.startsWith("/")) {
      return " is a place on one machine";
    }
    int hash = target.indexOf('#');
    Path file = file(page.path(), hash < 0 ? target : target.substring(0, hash));
    if (!file.startsWith(root) || !Files.exists(file)) {
      return " is not there";
    }
    boolean named =
        hash < 0 || MarkdownPage.read(file).anchors().contains(target.substring(hash + 1));
    return named ? "" : " has no such heading";
  }

  private static Path file(Path page, String path) {
    return path.isEmpty() ? page : page.resolveSibling(URI.create(path).getPath()).normalize();
  }

  @Test
  void links_ofEveryPage_leadSomewhere() throws IOException {
    assertThat(broken(repository())).isEmpty();
  }

  @Test
  void hosts_thatAreListed_areLinkedTo() throws IOException {
    Set<String> linked =
        MarkdownPage.below(repository()).stream()
            .flatMap(page -> page.links().stream())
            .map(MarkdownPage.Link::target)
            .filter(target -> target.startsWith("https://"))
            .map(target -> URI.create(target).getHost())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(linked).containsExactlyInAnyOrderElementsOf(HOSTS);
  }

  @Test
  void pages_ofTheDocumentation_areReachedFromTheReadme() throws IOException {
    Set<Path> reached = new TreeSet<>();
    Deque<Path> next = new ArrayDeque<>(List.of(repository().resolve("README.md")));
    while (!next.isEmpty()) {
      Path page = next.pop();
      if (reached.add(page)) {
        MarkdownPage.read(page).links().stream()
            .map(link -> link.target().replaceFirst("#.*", ""))
            .filter(target -> target.endsWith(".md") && !target.contains(":"))
            .map(target -> file(page, target))
            .filter(Files::exists)
            .forEach(next::push);
      }
    }
    try (Stream<Path> pages = Files.list(repository().resolve("docs"))) {
      assertThat(pages.filter(page -> page.toString().endsWith(".md"))).isSubsetOf(reached);
    }
  }

  @BeforeEach
  void makePages() throws IOException {
    Files.createDirectory(directory.resolve("docs"));
    Files.write(directory.resolve("docs/picture.png"), "x".getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        directory.resolve("docs/other.md"),
        """
        # The `first` one: A & B

        ## Again
        ## Again

        ```sh
        # no heading
        ```
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[a](docs/absent.md) | docs/absent.md is not there",
        "[a](../outside.md) | ../outside.md is not there",
        "![a](docs/absent.png) | docs/absent.png is not there",
        "<img src=\"docs/absent.png\"> | docs/absent.png is not there",
        "[a]: docs/absent.md | docs/absent.md is not there",
        "[a](docs/other.md#absent) | docs/other.md#absent has no such heading",
        "[a](docs/other.md#again-2) | docs/other.md#again-2 has no such heading",
        "[a](docs/other.md#no-heading) | docs/other.md#no-heading has no such heading",
        "[a](#absent) | #absent has no such heading",
        "[a](/docs/other.md) | /docs/other.md is a place on one machine",
        "[a](file:docs/other.md) | file:docs/other.md is not https",
        "[a](http://doc.traefik.io/) | http://doc.traefik.io/ is not https",
        "<https://elsewhere.test/> | https://elsewhere.test/ leads to a host that is not listed",
      })
  void link_toNothing_isFound(String link, String fault) throws IOException {
    Files.writeString(
        directory.resolve("README.md"), "# A page\n\nText, then " + "\n" + link + "\n");
    assertThat(broken(directory)).containsExactly("README.md:4: " + fault);
  }

  @ParameterizedTest
  @CsvSource({
    "[a](docs/other.md)",
    "[a](docs)",
    "[a](docs/other.md#the-first-one-a--b)",
    "[a](docs/other.md#again-1)",
    "[a](#a-page)",
    "![a](docs/picture.png)",
    "[`a`](https://doc.traefik.io/traefik/)",
    "`[a](docs/absent.md)` is code",
  })
  void link_toSomething_isNoFault(String link) throws IOException {
    Files.writeString(directory.resolve("README.md"), "# A page\n\n" + link + "\n");
    assertThat(broken(directory)).isEmpty();
  }
}
