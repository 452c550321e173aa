package dev.postern.rules.match;

import dev.postern.rules.request.RuleRequest;

/// One compiled matcher.
interface Condition {
  boolean matches(RuleRequest request);
}
