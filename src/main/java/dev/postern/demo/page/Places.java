package dev.postern.demo.page;

import java.util.List;

/// The URLs of the demo, as its pages link them.
///
/// @param home the page that explains everything
/// @param photos the hundred images through Postern
/// @param photosDirect the hundred images without Postern
/// @param whoami a further host of the catch-all application
/// @param vault the individual application with a second factor
public record Places(String home, String photos, String photosDirect, String whoami, String vault) {

  private record Place(String url, String label) {}

  String navigation(String current) {
    List<Place> places =
        List.of(
            new Place(home, "Start"),
            new Place(photos, "Photos with Postern"),
            new Place(photosDirect, "Photos without"),
            new Place(whoami, "Who am I"),
            new Place(vault, "Vault"),
            new Place(photos + "/outpost.goauthentik.io/sign_out", "Sign out"));
    StringBuilder html = new StringBuilder("<nav aria-label=\"Demo\">\n<ul>\n");
    for (Place place : places) {
      String mark = place.url().equals(current) ? " aria-current=\"page\"" : "";
      String path = place.url().equals(places.getLast().url()) ? "" : "/";
      html.append("<li><a href=\"").append(Html.escape(place.url())).append(path).append('"');
      html.append(mark).append('>').append(place.label()).append("</a></li>\n");
    }
    return html.append("</ul>\n</nav>\n").toString();
  }
}
