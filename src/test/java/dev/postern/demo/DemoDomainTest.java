package dev.postern.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoDomainTest {
  @ParameterizedTest
  @CsvSource({
    "http://auth.postern.localhost:8080, postern.localhost:8080,"
        + " http://vault.postern.localhost:8080",
    "http://auth.postern.localhost:80, postern.localhost, http://vault.postern.localhost",
    "https://login.sso.example.test:443, sso.example.test, https://vault.sso.example.test",
    "https://auth.example.test:80, example.test:80, https://vault.example.test:80"
  })
  void url_ofAHost_isBesideTheLogin(URI login, String authority, String vault) {
    DemoDomain domain = new DemoDomain(login);
    assertThat(domain.authority()).isEqualTo(authority);
    assertThat(domain.url("vault")).isEqualTo(vault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "http://auth.localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://Auth.Example.Test"
      })
  void domain_thatNoBrowserGivesCookies_isRefused(URI login) {
    assertThatThrownBy(() -> new DemoDomain(login))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(login.getHost() + " is in no domain");
  }
}
