package dev.postern.server.edge;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;

/// Limits with single values replaced.
record ChangedLimits(EdgeLimits limits) {
  ChangedLimits sweepInterval(Duration value) {
    return with("sweepInterval", value);
  }

  /// Replaces one value.
  ///
  /// @param name name of the record's component
  ChangedLimits with(String name, Object value) {
    try {
      RecordComponent[] components = EdgeLimits.class.getRecordComponents();
      Object[] values = new Object[components.length];
      boolean found = false;
      for (int i = 0; i < components.length; i++) {
        boolean changed = components[i].getName().equals(name);
        found |= changed;
        values[i] = changed ? value : components[i].getAccessor().invoke(limits);
      }
      if (!found) {
        throw new IllegalArgumentException(name);
      }
      Constructor<EdgeLimits> constructor =
          EdgeLimits.class.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
      return new ChangedLimits(constructor.newInstance(values));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
