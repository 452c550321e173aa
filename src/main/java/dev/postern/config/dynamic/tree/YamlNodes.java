package dev.postern.config.dynamic.tree;

import dev.postern.config.key.Words;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Parses the first document of a YAML text into nodes.
final class YamlNodes {
  private static final int MAX_DEPTH = 100;

  /// The parser copies its look-ahead on each read; a large buffer avoids quadratic cost.
  private static final int MAX_BUFFER = 1 << 20;

  private final Iterator<Event> events;
  private final Map<String, YamlNode> anchors = new HashMap<>();
  private int depth;
  private int nodes;

  private YamlNodes(Iterator<Event> events) {
    this.events = events;
  }

  /// The root of the first document, or null when there is none.
  static @Nullable YamlNode read(String text) throws UnreadableTextException {
    var source = new YamlTabs(text);
    var settings =
        LoadSettings.builder()
            .setCodePointLimit(Integer.MAX_VALUE)
            .setBufferSize(Math.clamp(text.length(), 1_024, MAX_BUFFER))
            .build();
    while (true) {
      try {
        var events = new Parse(settings).parseString(source.text()).iterator();
        return new YamlNodes(events).document();
      } catch (MarkedYamlEngineException e) {
        if (!source.replaceTab(e)) {
          throw unreadable(e);
        }
      } catch (YamlEngineException e) {
        throw new UnreadableTextException(0, "is not well-formed YAML: " + e.getMessage());
      }
    }
  }

  private static UnreadableTextException unreadable(MarkedYamlEngineException e) {
    int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
    return new UnreadableTextException(
        line, "is not well-formed YAML: " + Words.printable(e.getProblem()));
  }

  private @Nullable YamlNode document() throws UnreadableTextException {
    events.next();
    if (!events.hasNext() || events.next().getEventId() != Event.ID.DocumentStart) {
      return null;
    }
    YamlNode root = node(events.next());
    events.next();
    return root;
  }

  private YamlNode node(Event event) throws UnreadableTextException {
    int line = line(event);
    if (++nodes > TreeReader.MAX_VALUES) {
      throw TreeReader.tooMuch(line);
    }
    if (++depth > MAX_DEPTH) {
      throw new UnreadableTextException(line, "is nested more than " + MAX_DEPTH + " levels deep");
    }
    YamlNode node =
        switch (event) {
          case AliasEvent alias -> alias(alias);
          case ScalarEvent scalar -> anchored(scalar, scalar(scalar, line));
          case SequenceStartEvent start -> sequence(start, line);
          case MappingStartEvent start -> mapping(start, line);
          case Event _ -> throw new UnreadableTextException(line, "is not well-formed YAML");
        };
    depth--;
    return node;
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  private YamlNode anchored(NodeEvent event, YamlNode node) {
    event.getAnchor().map(Anchor::getValue).ifPresent(name -> anchors.put(name, node));
    return node;
  }

  private YamlNode alias(AliasEvent event) throws UnreadableTextException {
    String name = event.getAlias().getValue();
    YamlNode node = anchors.get(name);
    if (node == null) {
      throw new UnreadableTextException(
          line(event), "has the alias *" + Words.printable(name) + ", but no anchor of that name");
    }
    return node;
  }

  private static YamlNode scalar(ScalarEvent event, int line) {
    String written = event.getTag().map(YamlNodes::shortTag).orElse("");
    boolean isText = written.equals("!") || (written.isEmpty() && !event.isPlain());
    return new YamlNode.Scalar(event.getValue(), isText ? "!!str" : written, line);
  }

  private static String shortTag(String tag) {
    return tag.replaceFirst("^tag:yaml\\.org,2002:", "!!");
  }

  private YamlNode sequence(SequenceStartEvent start, int line) throws UnreadableTextException {
    var sequence = YamlNode.Sequence.at(line);
    anchored(start, sequence);
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      sequence.items().add(node(event));
    }
    return sequence;
  }

  private YamlNode mapping(MappingStartEvent start, int line) throws UnreadableTextException {
    var mapping = YamlNode.Mapping.at(line);
    anchored(start, mapping);
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      YamlNode key = node(event);
      mapping.pairs().add(new YamlNode.Pair(key, node(events.next())));
    }
    return mapping;
  }
}
