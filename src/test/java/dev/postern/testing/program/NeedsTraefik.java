package dev.postern.testing.program;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A test that runs real Traefik, see [NeedsProgram].
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@NeedsProgram(ExternalProgram.TRAEFIK)
public @interface NeedsTraefik {}
