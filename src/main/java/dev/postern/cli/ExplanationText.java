package dev.postern.cli;

import dev.postern.routing.explain.Explanation;
import dev.postern.routing.explain.Explanation.ApplicationLine;
import dev.postern.routing.explain.Explanation.Choice;
import dev.postern.routing.explain.Explanation.RouterLine;
import java.util.ArrayList;
import java.util.List;

/// Formats an explanation as lines of text.
final class ExplanationText {
  private final Explanation explanation;
  private final List<String> lines = new ArrayList<>();

  private ExplanationText(Explanation explanation) {
    this.explanation = explanation;
  }

  static List<String> lines(Explanation explanation) {
    return new ExplanationText(explanation).lines();
  }

  private List<String> lines() {
    lines.add(explanation.request());
    lines.add("");
    lines.add(
        "Application: "
            + explanation.application()
            + (explanation.configured() ? "" : " (the host itself)"));
    lines.add("  because " + explanation.because() + ".");
    lines.add(
        (explanation.shared() ? "  Its verdict may be shared: " : "  Its verdict is not shared: ")
            + explanation.sharing()
            + ".");
    for (int i = 0; i < explanation.applications().size(); i++) {
      lines.add("  " + (i + 1) + ". " + text(explanation.applications().get(i)));
    }
    lines.add("");
    routers();
    if (!explanation.remarks().isEmpty()) {
      lines.add("");
      explanation.remarks().forEach(remark -> lines.add("Note: " + remark));
    }
    return lines;
  }

  private static String text(ApplicationLine one) {
    return one.name()
        + ", "
        + (one.kind().equals("individual") ? "individual" : "catch-all")
        + ", "
        + one.claim()
        + ", rank "
        + one.rank()
        + " ("
        + one.origin()
        + ")";
  }

  private void routers() {
    if (explanation.choices().isEmpty()) {
      lines.add("Router: none");
    }
    for (Choice choice : explanation.choices()) {
      String place =
          choice.entryPoints().isEmpty() ? "" : " at " + String.join(", ", choice.entryPoints());
      lines.add("Router" + place + ": " + choice.router());
      lines.add("  because " + choice.because() + ".");
    }
    for (int i = 0; i < explanation.routers().size(); i++) {
      lines.add("  " + (i + 1) + ". " + text(explanation.routers().get(i)));
    }
  }

  private static String text(RouterLine router) {
    return router.name()
        + ", "
        + router.rule()
        + ", priority "
        + router.priority()
        + (router.configured() ? "" : " (its length)")
        + (router.entryPoints().isEmpty() ? "" : ", at " + String.join(", ", router.entryPoints()))
        + (router.tls() ? ", TLS" : "")
        + " ("
        + router.origin()
        + ")";
  }
}
