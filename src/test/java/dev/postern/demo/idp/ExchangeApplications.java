package dev.postern.demo.idp;

import dev.postern.demo.core.DemoApplication;
import java.util.List;

/// The applications of the recording in load order.
final class ExchangeApplications {
  static final List<DemoApplication> ALL =
      List.of(
          DemoApplication.catchAll("dom", "https://auth.example.test", "example.test")
              .withName("Domain provider"),
          DemoApplication.catchAll("odom", "https://auth.other.test", ".other.test")
              .withName("Other domain provider")
              .withSkipPathRegex("https://[a-z.]+/open\nwss://"),
          DemoApplication.individual("skip", "https://skip.example.test")
              .withName("Skip provider")
              .withSkipPathRegex("^/public\n/api/health$"),
          DemoApplication.individual("skipblank", "https://skipblank.example.test")
              .withName("Skip blank provider")
              .withSkipPathRegex("^/public\n"),
          DemoApplication.individual("basic", "https://basic.example.test")
              .withName("Basic provider")
              .withBasicAuth("bu", "bp"),
          DemoApplication.individual("app", "https://app.example.test").withName("App provider"));

  private ExchangeApplications() {}
}
