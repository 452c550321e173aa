package dev.postern.config.dynamic.template;

import dev.postern.config.dynamic.template.ActionToken.Kind;
import dev.postern.config.key.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses the pipeline of one action and evaluates it.
final class ActionParser {
  private static final Set<String> KEYWORDS =
      Set.of(
          "if",
          "else",
          "end",
          "range",
          "with",
          "define",
          "template",
          "block",
          "break",
          "continue",
          "nil");
  private static final int MAX_DEPTH = 200;

  private final ActionLexer lexer;
  private final Functions functions;
  private final int line;
  private int depth;

  /// A value in a pipeline.
  ///
  /// @param text its printed form
  /// @param isText whether it is a text, not a number or boolean
  /// @param isEmpty whether `default` treats it as empty
  record Value(String text, boolean isText, boolean isEmpty) {
    static Value of(String text) {
      return new Value(text, true, text.isEmpty());
    }
  }

  ActionParser(ActionLexer lexer, Map<String, String> environment, int line) {
    this.lexer = lexer;
    this.functions = new Functions(environment, line);
    this.line = line;
  }

  /// The text that the action prints.
  String value() throws TemplateException {
    return pipeline(Kind.END).text();
  }

  private Value pipeline(Kind end) throws TemplateException {
    Value value = null;
    Kind stop;
    do {
      var command = new Command();
      stop = command.read(end);
      // Go accepts a pipe without a command after it.
      if (value == null || stop == Kind.PIPE || !command.isEmpty()) {
        value = command.call(value);
      }
    } while (stop == Kind.PIPE);
    return value;
  }

  /// A function call, or one value.
  private final class Command {
    private final List<Value> values = new ArrayList<>();
    private @Nullable String function;

    /// Reads up to the next pipe or the end.
    ///
    /// @return the kind of the token that ended it
    Kind read(Kind end) throws TemplateException {
      boolean isSeparated = true;
      while (true) {
        ActionToken token = lexer.next();
        if (token.kind() == Kind.PIPE || token.kind() == end) {
          return token.kind();
        }
        if (token.kind() != Kind.SPACE && !isSeparated) {
          throw TemplateException.wrong(
              line, "has " + Words.quote(token.text()) + " without a space before it");
        }
        isSeparated = token.kind() == Kind.SPACE;
        take(token);
      }
    }

    private void take(ActionToken token) throws TemplateException {
      switch (token.kind()) {
        case SPACE -> {}
        case TEXT -> values.add(Value.of(token.text()));
        case NUMBER -> values.add(number(token.text()));
        case WORD -> word(token.text());
        case LEFT -> values.add(nested());
        case RIGHT, END, PIPE ->
            throw TemplateException.wrong(line, "has parentheses that do not match");
      }
    }

    private void word(String word) throws TemplateException {
      if (word.equals("true") || word.equals("false")) {
        values.add(new Value(word, false, word.equals("false")));
      } else if (KEYWORDS.contains(word) || !Functions.NAMES.contains(word)) {
        throw TemplateException.unsupported(line, "the template action " + Words.quote(word));
      } else if (function != null || !values.isEmpty()) {
        throw TemplateException.wrong(line, "has " + word + " where a value belongs");
      } else {
        function = word;
      }
    }

    boolean isEmpty() {
      return function == null && values.isEmpty();
    }

    Value call(@Nullable Value piped) throws TemplateException {
      if (function != null) {
        if (piped != null) {
          values.add(piped);
        }
        return functions.call(function, values);
      }
      if (values.size() != 1 || piped != null) {
        throw TemplateException.wrong(
            line,
            values.isEmpty()
                ? "has a template action without a value"
                : "has a value where a function belongs");
      }
      return values.getFirst();
    }
  }

  private static Value number(String text) {
    long number = Long.parseLong(text);
    return new Value(String.valueOf(number), false, number == 0);
  }

  private Value nested() throws TemplateException {
    if (++depth > MAX_DEPTH) {
      throw TemplateException.unsupported(line, "nesting of more than " + MAX_DEPTH + " levels");
    }
    Value value = pipeline(Kind.RIGHT);
    depth--;
    return value;
  }
}
