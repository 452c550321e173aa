package dev.postern.testing.program;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Skips a test whose program is missing, with its name as the reason. With `CI=true` in the
/// environment the test fails instead, so that skipped tests cannot hide on a build server.
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ProgramCondition.class)
public @interface NeedsProgram {
  /// {@return the required programs}
  ExternalProgram[] value();
}
