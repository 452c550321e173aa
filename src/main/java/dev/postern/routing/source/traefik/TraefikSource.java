package dev.postern.routing.source.traefik;

import dev.postern.config.Problem;
import dev.postern.net.Endpoint;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.routing.source.ApiClient;
import dev.postern.routing.source.ApiFailure;
import dev.postern.routing.source.ApiPage;
import dev.postern.routing.source.ApiSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Which pages of Traefik's API are read, and how they are interpreted.
final class TraefikSource implements ApiSource {
  private static final String ROUTERS = "/api/http/routers";
  private static final String MIDDLEWARES = "/api/http/middlewares";

  /// Traefik has no limit; with few large pages changes between two pages are less likely.
  static final int PAGE_SIZE = 500;

  private final Endpoint endpoint;
  private final Known known;
  private final OwnFiles files;
  private final int pageSize;

  TraefikSource(Endpoint endpoint, Known known, OwnFiles files) {
    this(endpoint, known, files, PAGE_SIZE);
  }

  TraefikSource(Endpoint endpoint, Known known, OwnFiles files, int pageSize) {
    this.endpoint = endpoint;
    this.known = known;
    this.files = files;
    this.pageSize = pageSize;
  }

  @Override
  public Provider provider() {
    return Provider.TRAEFIK;
  }

  @Override
  public List<ApiPage> fetch(ApiClient client) throws ApiFailure {
    List<ApiPage> pages = new ArrayList<>();
    for (String path : List.of(ROUTERS, MIDDLEWARES)) {
      pages.addAll(
          client.list(
              number -> path + "?page=" + number + "&per_page=" + pageSize,
              page -> nextPage(page.field("X-Next-Page"))));
    }
    return pages;
  }

  /// The number in `X-Next-Page`, which is 1 after the last page.
  private static int nextPage(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 1;
  }

  @Override
  public Loaded read(List<ApiPage> pages) throws ApiFailure {
    List<RouterDefinition> routers = new ArrayList<>();
    List<MiddlewareDefinition> middlewares = new ArrayList<>();
    List<Problem> leftOut = new ArrayList<>();
    RouterReader routerReader = new RouterReader(endpoint.toString(), leftOut);
    PluginBlocks blocks = new PluginBlocks(known, files, leftOut);
    for (ApiPage page : pages) {
      boolean isOfRouters = page.path().startsWith(ROUTERS);
      for (JsonNode entry : page.array()) {
        if (isOfRouters) {
          routerReader.read(entry).ifPresent(routers::add);
        } else {
          List<ForwardOptions> options = blocks.read(entry);
          MiddlewareReader.read(entry, options).ifPresent(middlewares::add);
        }
      }
    }
    return new Loaded(new Snapshot(routers, middlewares, blocks.applications()), leftOut);
  }
}
