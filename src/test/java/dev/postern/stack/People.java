package dev.postern.stack;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import java.util.List;

/// The users, and the applications of `rules/postern.yml`.
final class People {
  /// An open path of `whoami-individual`, so that a forged path could gain access.
  static final String OPEN_PATH = "/public";

  private People() {}

  static DemoIdentityProvider identityProvider() {
    return DemoIdentityProvider.builder()
        .coreUrl(url("auth"))
        .showCredentials()
        .application(DemoApplication.catchAll("everything-else", url("auth"), Stack.DOMAIN))
        .application(
            DemoApplication.individual("whoami-individual", url("whoami-individual"))
                .withSecondFactor()
                .withSkipPathRegex("^" + OPEN_PATH))
        .application(DemoApplication.individual("csf", url("csf")))
        .user(user("alice", "Alice Liddell").withTotpSecret("JBSWY3DPEHPK3PXP"))
        .user(user("bob", "Bob Bilder").withTotpSecret("KRSXG5CTMVRXEZLU"))
        .start();
  }

  private static String url(String service) {
    return "https://" + Stack.host(service);
  }

  private static DemoUser user(String user, String name) {
    return DemoUser.of(user, password(user), name, user + "@example.test", List.of("staff"));
  }

  static String password(String user) {
    return user + "-secret";
  }
}
