package dev.postern.routing.source.authentik;

import dev.postern.config.Problem;
import dev.postern.net.Endpoint;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.source.ApiClient;
import dev.postern.routing.source.ApiFailure;
import dev.postern.routing.source.ApiPage;
import dev.postern.routing.source.ApiSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Which pages of authentik's API are read, and how they are interpreted.
final class AuthentikSource implements ApiSource {
  private static final String PROVIDERS = "/api/v3/providers/proxy/";

  /// The largest page size that authentik allows.
  static final int PAGE_SIZE = 100;

  private final Endpoint endpoint;
  private final int pageSize;

  AuthentikSource(Endpoint endpoint) {
    this(endpoint, PAGE_SIZE);
  }

  AuthentikSource(Endpoint endpoint, int pageSize) {
    this.endpoint = endpoint;
    this.pageSize = pageSize;
  }

  @Override
  public Provider provider() {
    return Provider.AUTHENTIK;
  }

  @Override
  public List<ApiPage> fetch(ApiClient client) throws ApiFailure {
    return client.list(
        number -> PROVIDERS + "?ordering=pk&page=" + number + "&page_size=" + pageSize,
        AuthentikSource::nextPage);
  }

  /// The number in `pagination.next`, which is 0 on the last page.
  private static int nextPage(ApiPage page) throws ApiFailure {
    JsonNode next = page.json().path("pagination").path("next");
    if (!next.isNumber()) {
      throw page.unlike("a page of authentik's API");
    }
    return next.asInt(0);
  }

  @Override
  public Loaded read(List<ApiPage> pages) throws ApiFailure {
    List<ProxyProvider> providers = new ArrayList<>();
    List<Problem> leftOut = new ArrayList<>();
    for (ApiPage page : pages) {
      JsonNode results = page.json().path("results");
      if (!results.isArray()) {
        throw page.unlike("a page of authentik's API");
      }
      for (JsonNode result : results) {
        ProxyProvider provider = ProxyProvider.of(result);
        if (provider.isLoaded()) {
          providers.add(provider);
        }
      }
    }
    var applications = Applications.of(providers, endpoint.toString(), leftOut);
    return new Loaded(new Snapshot(List.of(), List.of(), applications), leftOut);
  }
}
