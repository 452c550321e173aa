package dev.postern.cli;

import dev.postern.config.ListenAddress;
import dev.postern.config.key.Kinds;
import dev.postern.demo.DemoDomain;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.logging.LogText;
import dev.postern.net.Endpoint;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// `postern demo --only=identity-provider`: only the demo's identity provider, for a proxy and a
/// Postern that are started separately, in containers for example.
final class LoneIdentityProvider {
  private static final String PART = "identity-provider";
  private static final ListenAddress LOOPBACK = new ListenAddress("127.0.0.1", 9000);
  private static final Endpoint LOGIN = Endpoint.of("http://auth.postern.localhost:8080");

  private final PrintWriter out;
  private final PrintWriter err;

  LoneIdentityProvider(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /// Adds the options that belong to `--only`.
  static CommandSpec withOptions(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("--only")
            .paramLabel(PART)
            .type(String.class)
            .converters(LoneIdentityProvider::part)
            .description(
                "Starts the identity provider alone, without pages, proxy and Postern, with the"
                    + " same users, a catch-all application and the vault.")
            .build());
    spec.addOption(
        CommandSpecs.value("--listen", "ADDRESS", ListenAddress.class, Kinds.ADDRESS)
            .description(
                "With --only: where it listens; "
                    + LOOPBACK
                    + " when absent. It is for demonstrations only: it shows its passwords to"
                    + " anyone who can reach it.")
            .build());
    return spec.addOption(
        CommandSpecs.value("--url", "URL", Endpoint.class, Kinds.URL)
            .description(
                "With --only: where browsers reach its login; "
                    + LOGIN
                    + " when absent. The applications are in the same domain: the catch-all covers"
                    + " all of it, and the vault is the host vault.")
            .build());
  }

  private static String part(String text) {
    if (!text.equals(PART)) {
      throw new TypeConversionException("must be " + PART);
    }
    return text;
  }

  static boolean isWanted(ParseResult parsed) {
    return parsed.hasMatchedOption("--only");
  }

  int run(ParseResult parsed) {
    DemoDomain domain;
    try {
      domain = new DemoDomain(login(parsed.matchedOptionValue("--url", LOGIN)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(parsed.commandSpec().commandLine(), "--url: " + e.getMessage());
    }
    ListenAddress listen = parsed.matchedOptionValue("--listen", LOOPBACK);
    try (DemoIdentityProvider provider =
        domain.identityProvider().listen(socketAddress(listen)).start()) {
      CountDownLatch stop = new CountDownLatch(1);
      // A stopped container should exit with 0, not with the status of a signal.
      boolean _ = Signals.onEach("TERM", stop::countDown);
      boolean _ = Signals.onEach("INT", stop::countDown);
      announce(domain, new ListenAddress(listen.host(), provider.address().getPort()));
      await(stop, parsed.matchedOptionValue("--for", null));
      return Cli.OK;
    } catch (UncheckedIOException e) {
      err.println(
          "postern: the identity provider cannot run: "
              + LogText.escape(String.valueOf(e.getMessage())));
      return Cli.NEGATIVE;
    }
  }

  /// Browsers keep cookies only for host names without underscores.
  private static URI login(Endpoint url) {
    URI uri = URI.create(url.toString());
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          url.host()
              + " is not a host that browsers keep cookies for; write a lower-case name such"
              + " as auth.postern.localhost");
    }
    return uri;
  }

  private static InetSocketAddress socketAddress(ListenAddress listen) {
    return listen.host().isEmpty()
        ? new InetSocketAddress(listen.port())
        : new InetSocketAddress(listen.host(), listen.port());
  }

  private static void await(CountDownLatch stop, @Nullable Duration time) {
    try {
      if (time == null) {
        stop.await();
      } else {
        boolean _ = stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void announce(DemoDomain domain, ListenAddress listen) {
    out.println();
    out.println("  catch-all: every host of " + domain.authority());
    out.println("  vault: " + domain.url("vault") + "/, which also asks for a code");
    out.println();
    DemoCommand.credentials(out);
    out.println();
    out.println(
        "Ready: the identity provider listens on "
            + listen
            + ", its login is at "
            + domain.login());
    out.flush();
  }
}
