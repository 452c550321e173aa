package dev.postern.config.load;

import dev.postern.config.LoginLimitConfig;
import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.config.key.Key;
import java.util.List;

/// Converts settings to the login limit's configuration record.
final class LoginLimitBinder {
  private final Settings settings;

  LoginLimitBinder(Settings settings) {
    this.settings = settings;
  }

  LoginLimitConfig config() {
    return new LoginLimitConfig(
        settings.get(LoginLimitKeys.AVERAGE),
        settings.get(LoginLimitKeys.BURST),
        settings.get(LoginLimitKeys.PERIOD),
        sourceCriterion());
  }

  private SourceCriterion sourceCriterion() {
    String header = settings.find(LoginLimitKeys.REQUEST_HEADER_NAME);
    boolean host = settings.get(LoginLimitKeys.REQUEST_HOST);
    if (header != null && host) {
      refuseBeside(LoginLimitKeys.REQUEST_HOST, LoginLimitKeys.REQUEST_HEADER_NAME);
    }
    Key<?> other =
        header != null
            ? LoginLimitKeys.REQUEST_HEADER_NAME
            : host ? LoginLimitKeys.REQUEST_HOST : null;
    if (other != null) {
      for (Key<?> address :
          List.of(LoginLimitKeys.DEPTH, LoginLimitKeys.EXCLUDED_IPS, LoginLimitKeys.IPV6_SUBNET)) {
        if (settings.setting(address) != null) {
          refuseBeside(address, other);
        }
      }
    }
    return new SourceCriterion(ipStrategy(), header, host);
  }

  private IpStrategy ipStrategy() {
    List<String> excluded = settings.list(LoginLimitKeys.EXCLUDED_IPS);
    int depth = settings.get(LoginLimitKeys.DEPTH);
    if (!excluded.isEmpty() && settings.setting(LoginLimitKeys.DEPTH) != null) {
      refuseBeside(LoginLimitKeys.EXCLUDED_IPS, LoginLimitKeys.DEPTH);
    }
    return new IpStrategy(
        excluded.isEmpty() ? depth : 0, excluded, settings.get(LoginLimitKeys.IPV6_SUBNET));
  }

  private void refuseBeside(Key<?> key, Key<?> other) {
    settings.problem(
        settings.where(key), "is set beside " + settings.where(other) + "; remove one of the two");
  }
}
