package dev.postern.routing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A list of two pages that changes while it is read.
class StableReadingTest {
  private final Deque<String> pages = new ArrayDeque<>();
  private final FakeApi api =
      new FakeApi(
          (request, connection) -> connection.write(FakeApi.ok(pages.remove().replace('\'', '"'))));
  private int meanings;
  private StableReading reading;

  private final class Names implements ApiSource {
    @Override
    public Provider provider() {
      return Provider.TRAEFIK;
    }

    @Override
    public List<ApiPage> fetch(ApiClient client) throws ApiFailure {
      return client.list(
          number -> "/list?page=" + number, page -> page.path().endsWith("1") ? 2 : 1);
    }

    @Override
    public Loaded read(List<ApiPage> list) throws ApiFailure {
      meanings++;
      List<RouterDefinition> routers = new ArrayList<>();
      for (ApiPage page : list) {
        for (JsonNode name : page.array()) {
          routers.add(
              new RouterDefinition(
                  name.asString(), "", "", 0, List.of(), List.of(), "", false, "", ""));
        }
      }
      return new Loaded(new Snapshot(routers, List.of(), List.of()), List.of());
    }
  }

  @BeforeEach
  void open() throws Exception {
    reading = new StableReading(new Names(), new ApiClient(api.target(), System::nanoTime));
  }

  @AfterEach
  void close() {
    api.close();
  }

  private List<String> read(String... answers) throws ApiFailure {
    pages.addAll(List.of(answers));
    List<String> names =
        reading.read().snapshot().routers().stream().map(RouterDefinition::name).toList();
    assertThat(pages).as("pages that were not read").isEmpty();
    return names;
  }

  @Test
  void read_somethingNew_countsWhenReadTwice() throws ApiFailure {
    assertThat(read("['a']", "['b']", "['a']", "['b']")).containsExactly("a", "b");
  }

  @Test
  void read_nothingNew_isReadOnceAndNotMadeSenseOfAgain() throws ApiFailure {
    read("['a']", "['b']", "['a']", "['b']");
    ApiSource.Loaded before = again("['a']", "['b']");
    assertThat(again("['a']", "['b']")).isSameAs(before);
    assertThat(meanings).isEqualTo(1);
  }

  private ApiSource.Loaded again(String... answers) throws ApiFailure {
    pages.addAll(List.of(answers));
    return reading.read();
  }

  @Test
  void read_changeBetweenTwoPages_isReadAgain() throws ApiFailure {
    // "a" is removed after page 1 was read, so "c" moves to page 1 and would be missed.
    assertThat(read("['a','b']", "['d']", "['b','c']", "['d']", "['b','c']", "['d']"))
        .containsExactly("b", "c", "d");
  }

  @Test
  void read_samePagesInOtherPlaces_areAnotherList() throws ApiFailure {
    read("['a']", "['b']", "['a']", "['b']");
    assertThat(read("['b']", "['a']", "['b']", "['a']")).containsExactly("b", "a");
  }

  @Test
  void read_listThatNeverKeepsStill_isGivenUpAndLaterReadAfresh() throws ApiFailure {
    for (int i = 0; i < 5; i++) {
      pages.addAll(List.of("['a']", "['" + i + "']"));
    }
    assertThatThrownBy(reading::read)
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("at /list?page=1 changed between each of 5 reads");
    assertThat(pages).isEmpty();
    assertThat(meanings).isZero();
    assertThat(read("['a']", "['4']", "['a']", "['4']")).containsExactly("a", "4");
  }

  @Test
  void read_invalidList_isNotStored() throws ApiFailure {
    pages.addAll(List.of("[", "[]", "[", "[]"));
    assertThatThrownBy(reading::read).isInstanceOf(ApiFailure.class);
    assertThat(read("['a']", "[]", "['a']", "[]")).containsExactly("a");
  }
}
