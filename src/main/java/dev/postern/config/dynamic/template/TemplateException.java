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

  /// What Traefik refuses too.
  static TemplateException wrong(int line, String message) {
    return new TemplateException(line, true, message);
  }

  /// What Traefik may well understand.
  static TemplateException unsupported(int line, String what) {
    return new TemplateException(
        line,
        false,
        what
            + " is not understood here; known are comments, texts and env, default, quote, lower,"
            + " upper, trim and normalize. Use providers.traefik instead, which sees the rendered"
            + " result");
  }

  /// Where it stands.
  ///
  /// @return the line in the source, counted from 1
  public int line() {
    return line;
  }

  /// Whether Traefik cannot render it either.
  ///
  /// @return false where only Postern does not know the action
  public boolean isRefusedByTraefik() {
    return isRefusedByTraefik;
  }

  /// What is wrong.
  ///
  /// @return the sentence without its place
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
