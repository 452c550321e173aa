package dev.postern.accesslog.line;

import dev.postern.accesslog.line.FieldSource.Side;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/// One JSON object per line, keys in byte order (docs/design/traefik.md section 3.4).
final class JsonFormat implements LineFormat {
  private final Selection selection;
  private final List<Field> capitals;
  private final TimeTexts utc = TimeTexts.utc();
  private final TimeTexts local;

  JsonFormat(Selection selection, ZoneId zone) {
    this.selection = selection;
    this.capitals =
        selection.fields().stream().filter(f -> f.compareTo(Field.ENTRY_POINT_NAME) < 0).toList();
    this.local = TimeTexts.in(zone);
  }

  @Override
  public void append(FieldSource source, Instant now, StringBuilder out) {
    out.append('{');
    for (Field field : capitals) {
      field(source, field, out);
    }
    headers(source, Side.DOWNSTREAM, out);
    field(source, Field.ENTRY_POINT_NAME, out);
    key("level", out);
    out.append("\"info\"");
    key("msg", out);
    out.append("\"\"");
    headers(source, Side.ORIGIN, out);
    headers(source, Side.REQUEST, out);
    field(source, Field.SPAN_ID_SNAKE, out);
    key("time", out);
    out.append('"').append(local.rfc3339(now)).append('"');
    field(source, Field.TRACE_ID_SNAKE, out);
    out.append("}\n");
  }

  private void field(FieldSource source, Field field, StringBuilder out) {
    Object value = selection.value(source, field);
    if (value == null) {
      return;
    }
    key(field.text(), out);
    switch (value) {
      case String text -> JsonText.append(text, out);
      case Double number -> out.append(JsonText.number(number));
      case Instant time -> {
        out.append('"');
        (field == Field.START_LOCAL ? local : utc).appendRfc3339Nano(time, out);
        out.append('"');
      }
      case Object number -> out.append(number);
    }
  }

  private void headers(FieldSource source, Side side, StringBuilder out) {
    selection
        .headers(source, side)
        .forEach((name, value) -> {
          separate(out);
          JsonText.append(side.prefix() + name, out);
          out.append(':');
          JsonText.append(value, out);
        });
  }

  private static void key(String name, StringBuilder out) {
    separate(out);
    out.append('"').append(name).append("\":");
  }

  private static void separate(StringBuilder out) {
    if (out.charAt(out.length() - 1) != '{') {
      out.append(',');
    }
  }
}
