package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new Cli(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), Sidecar::start)
        .run(args);
  }

  @Test
  void demo_forATime_saysWhereItRunsAndEndsByItself() {
    assertThat(run("demo", "--for=1ms", "--traefik=none")).isZero();
    assertThat(out.toString())
        .contains("The demo runs at http://postern.localhost:")
        .contains("Sign in as alice with the password wonderland")
        .contains("In front: the built-in proxy");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void demo_withTheUsualPortTaken_takesAnotherAndSaysSo() throws Exception {
    try (ServerSocket _ = new ServerSocket(8080, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run("demo", "--for=1ms", "--traefik=none")).isZero();
    } catch (java.net.BindException takenByAnotherProcess) {
      assertThat(run("demo", "--for=1ms", "--traefik=none")).isZero();
    }
    assertThat(out.toString()).contains("Port 8080 is taken, using ");
  }

  @Test
  void demo_withAChosenPortThatIsTaken_failsWithASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run("demo", "--for=1ms", "--traefik=none", "--port=" + taken.getLocalPort()))
          .isEqualTo(1);
    }
    assertThat(err.toString()).startsWith("postern: the demo cannot run: ").hasLineCount(1);
  }

  @Test
  void demo_withATraefikThatIsNotExecutable_failsWithASentence() {
    assertThat(run("demo", "--traefik=/nowhere/traefik")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "postern: --traefik=/nowhere/traefik is not executable; use none for the built-in"
                + " proxy\n");
  }

  @Test
  void demo_withAWrongTime_isWrongUsage() {
    assertThat(run("demo", "--for=soon")).isEqualTo(2);
    assertThat(err.toString()).contains("--for").contains("30s");
  }
}
