package dev.postern.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Installs signal handlers.
///
/// Java has no public API for signals. `sun.misc.Signal` exists in all JDKs, but the compiler warns
/// about it, so it is called by reflection.
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  /// The JVM keeps these ignored if they were ignored when it started.
  private static final Set<String> KEPT_IGNORED = Set.of("HUP", "INT", "TERM");

  private Signals() {}

  /// Runs work on each signal from now on, instead of ending the program.
  ///
  /// @param name the signal's name without `SIG`
  /// @param work runs on a thread of its own
  /// @return false if the signal stays ignored because the parent process ignores it (`nohup`)
  static boolean onEach(String name, Runnable work) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object onSignal =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      work.run();
                      yield null;
                    }
                    case "equals" ->
                        System.identityHashCode(arguments[0]) == System.identityHashCode(proxy);
                    case "hashCode" -> System.identityHashCode(proxy);
                    case String other -> other;
                  });
      Object wanted = signal.getConstructor(String.class).newInstance(name);
      Object previous = signal.getMethod("handle", signal, handler).invoke(null, wanted, onSignal);
      return !KEPT_IGNORED.contains(name)
          || !previous.equals(handler.getField("SIG_IGN").get(null));
    } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
      Throwable reason =
          unavailable instanceof InvocationTargetException thrown && thrown.getCause() != null
              ? thrown.getCause()
              : unavailable;
      LOG.atWarn()
          .addKeyValue("error", reason)
          .addKeyValue("signal", name)
          .log("A signal cannot be used here");
      return true;
    }
  }
}
