package dev.postern.stack.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.stack.files.ResolvedStack.Mount;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The stack of compose.yaml: which services can reach each other, and that the files of its
/// services are consistent.
@NeedsProgram(ExternalProgram.PODMAN_COMPOSE)
@TestInstance(Lifecycle.PER_CLASS)
class ServicesIT {
  private static final Path RULES = Path.of("rules");
  private static final Pattern SECRET = Pattern.compile("/run/secrets/(\\w+)");
  private static final Pattern MIDDLEWARES =
      Pattern.compile("traefik\\.http\\.routers\\.[\\w-]+\\.middlewares");
  private static final Pattern ENTRY_POINTS =
      Pattern.compile("traefik\\.http\\.routers\\.[\\w-]+\\.entrypoints");

  private ResolvedStack stack;
  private JsonNode traefik;
  private JsonNode postern;

  @BeforeAll
  void readFiles(@TempDir Path work) throws Exception {
    stack = ResolvedStack.resolve(ResolvedStack.DIRECTORY.resolve("compose.yaml"), work);
    traefik = ResolvedStack.yaml(ResolvedStack.DIRECTORY.resolve("traefik/traefik.yml"));
    postern = ResolvedStack.yaml(ResolvedStack.DIRECTORY.resolve("postern/postern.yml"));
  }

  @Test
  void postern_isConfined() {
    JsonNode service = stack.service("postern");
    assertThat(service.path("read_only").asBoolean()).isTrue();
    assertThat(service.path("user").asString()).isEqualTo("65532:65532");
    assertThat(service.path("mem_limit").asString()).isEqualTo("384m");
    assertThat(ResolvedStack.texts(service.path("healthcheck").path("test")))
        .containsExactly("CMD", "/opt/postern/bin/postern", "healthcheck");
    assertThat(service.has("ports")).isFalse();
    assertThat(ResolvedStack.mounts(service).stream().filter(mount -> !mount.readOnly()))
        .containsExactly(new Mount("postern-state", "/var/lib/postern", false));
    assertThat(postern.path("stateDirectory").asString()).isEqualTo("/var/lib/postern");
    assertThat(ResolvedStack.texts(service.path("networks")))
        .allSatisfy(network ->
            assertThat(stack.tree().path("networks").path(network).path("internal").asBoolean())
                .as("%s is internal", network)
                .isTrue());
  }

  @Test
  void networks_ofTraefikAndPosternAndOfTheSocket_haveNoOtherMembers() {
    assertThat(stack.members("postern")).containsExactly("postern", "traefik");
    assertThat(stack.members("socket")).containsExactly("socket-proxy", "traefik");
    assertThat(stack.members("scrape")).containsExactly("postern", "prometheus");
    assertThat(stack.members("egress")).containsExactly("authentik-worker", "geoipupdate");
    assertThat(stack.tree().path("networks").path("socket").path("internal").asBoolean()).isTrue();
    assertThat(stack.service("socket-proxy").path("environment").path("POST").asString())
        .isEqualTo("0");
  }

  /// If both were in a second network, Docker's DNS might direct Traefik there, and its address
  /// would not be one that Postern trusts.
  @Test
  void traefikAndPostern_meetInOneNetwork() {
    assertThat(ResolvedStack.texts(stack.service("traefik").path("networks")))
        .filteredOn(network -> stack.members(network).contains("postern"))
        .containsExactly("postern");
  }

  @Test
  void addresses_agree() throws Exception {
    String ofTraefik = address("traefik");
    String ofPostern = address("postern");
    JsonNode network = stack.tree().path("networks").path("postern").path("ipam").path("config");
    assertThat(network.path(0).path("subnet").asString()).isEqualTo("172.31.250.0/29");
    assertThat(List.of(ofTraefik, ofPostern)).containsExactly("172.31.250.2", "172.31.250.3");

    for (String entryPoint : List.of("auth", "auths")) {
      assertThat(
              ResolvedStack.texts(
                  postern
                      .path("entryPoints")
                      .path(entryPoint)
                      .path("forwardedHeaders")
                      .path("trustedIPs")))
          .as("trustedIPs of %s", entryPoint)
          .containsExactly(ofTraefik + "/32");
    }
    String internal = traefik.path("entryPoints").path("internal").path("address").asString();
    assertThat(internal).isEqualTo(ofTraefik + ":8080");
    assertThat(postern.path("providers").path("traefik").path("endpoint").asString())
        .isEqualTo("http://" + internal);
    assertThat(
            ResolvedStack.texts(
                rules("app-traefik.yml")
                    .path("middlewares")
                    .path("postern-only")
                    .path("ipAllowList")
                    .path("sourceRange")))
        .containsExactly(ofPostern + "/32");
  }

  @Test
  void certificate_thatTraefikTrusts_isTheOneThatPosternMakes() throws Exception {
    assertThat(
            rules("forwardAuth-authentik.yml")
                .path("middlewares")
                .path("forwardAuth-authentik")
                .path("forwardAuth")
                .path("tls")
                .path("ca")
                .asString())
        .isEqualTo("/postern/postern.crt");
    assertThat(ResolvedStack.mounts(stack.service("traefik")))
        .contains(new Mount("postern-state", "/postern", true));
    assertThat(
            stack
                .service("traefik")
                .path("depends_on")
                .path("postern")
                .path("condition")
                .asString())
        .isEqualTo("service_healthy");
  }

  @Test
  void rules_areTheSameForTraefikAndPosternAndSoIsTheDomain() {
    for (String name : List.of("traefik", "postern")) {
      JsonNode service = stack.service(name);
      assertThat(ResolvedStack.mounts(service)).contains(new Mount("../rules", "/rules", true));
      assertThat(service.path("environment").path("DOMAIN").asString()).isEqualTo("domain.tld");
    }
    assertThat(traefik.path("providers").path("file").path("directory").asString())
        .isEqualTo(postern.path("providers").path("file").path("directory").asString())
        .isEqualTo("/rules");
  }

  @Test
  void secrets_ofEachService_areThoseThatItsVariablesAndFilesName() throws Exception {
    for (var service : stack.services().entrySet()) {
      StringBuilder text = new StringBuilder(service.getValue().path("environment").toString());
      for (Mount mount : ResolvedStack.mounts(service.getValue())) {
        if (mount.isPath() && Files.isRegularFile(mount.path())) {
          text.append(Files.readString(mount.path()));
        }
      }
      if (service.getKey().equals("traefik")) {
        text.append(Files.readString(RULES.resolve("app-traefik.yml")));
      }
      Set<String> named = new TreeSet<>();
      SECRET.matcher(text).results().forEach(found -> named.add(found.group(1)));
      assertThat(ResolvedStack.texts(service.getValue().path("secrets")))
          .as(service.getKey())
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }

  @Test
  void labels_nameWhatTheRulesAndTraefikHave() throws Exception {
    Set<String> middlewares = new TreeSet<>();
    try (Stream<Path> files = Files.list(RULES)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".yml")).toList()) {
        ResolvedStack.yaml(file)
            .path("http")
            .path("middlewares")
            .propertyNames()
            .forEach(name -> middlewares.add(name + "@file"));
      }
    }
    Set<String> published = new TreeSet<>();
    for (var service : stack.services().entrySet()) {
      JsonNode labels = service.getValue().path("labels");
      if (labels.isMissingNode()) {
        continue;
      }
      published.add(service.getKey());
      assertThat(labelled(labels, MIDDLEWARES))
          .as("middlewares of %s", service.getKey())
          .hasSize(1)
          .isSubsetOf(middlewares);
      assertThat(labelled(labels, ENTRY_POINTS))
          .as("entry points of %s", service.getKey())
          .hasSize(1)
          .isSubsetOf(traefik.path("entryPoints").propertyNames());
      assertSharesTraefiksNetwork(service.getValue());
    }
    assertThat(published)
        .containsExactly(
            "authentik-server",
            "grafana",
            "prometheus",
            "whoami",
            "whoami-catch-all",
            "whoami-individual");
  }

  private String address(String service) {
    return stack.service(service).path("networks").path("postern").path("ipv4_address").asString();
  }

  private static JsonNode rules(String file) throws IOException {
    return ResolvedStack.yaml(RULES.resolve(file)).path("http");
  }

  private static List<String> labelled(JsonNode labels, Pattern name) {
    return labels
        .propertyStream()
        .filter(label -> name.matcher(label.getKey()).matches())
        .map(label -> label.getValue().asString())
        .toList();
  }

  /// Traefik reaches a container in one network: the one in its label, or else the provider's.
  private void assertSharesTraefiksNetwork(JsonNode service) {
    String usual = traefik.path("providers").path("docker").path("network").asString();
    String name = service.path("labels").path("traefik.docker.network").asString(usual);
    assertThat(stack.tree().path("networks").path(name).path("name").asString())
        .as("what Docker calls the network %s", name)
        .isEqualTo(name);
    assertThat(ResolvedStack.texts(service.path("networks"))).contains(name);
    assertThat(stack.members(name)).contains("traefik");
  }
}
