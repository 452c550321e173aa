package dev.postern.config.dynamic.template;

/// A template that cannot be rendered.
public final class TemplateException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final boolean isRefusedByTraefik;

  TemplateException(int line, boolean isRefusedByTraefik, String message) {
    super(message);
    this.line = line;
    this.isRefusedByTraefik = isRefusedByTraefik;
  }

  /// An error that Traefik reports too.
  static TemplateException wrong(int line, String message) {
    return new TemplateException(line, true, message);
  }

  /// Something that Traefik may support and Postern does not.
  static TemplateException unsupported(int line, String what) {
    return new TemplateException(
        line,
        false,
        what
            + " is not supported here; supported are comments, strings and env, default, quote,"
            + " lower, upper, trim and normalize. Use providers.traefik instead, which sees the"
            + " rendered result");
  }

  /// The line in the source, counted from 1.
  public int line() {
    return line;
  }

  /// Whether Traefik cannot render it either; false if only Postern does not support it.
  public boolean isRefusedByTraefik() {
    return isRefusedByTraefik;
  }

  /// What is wrong, without the place.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
