package dev.postern.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signals by which the operator asks for something.
///
/// Java has no public interface for signals; the one that all JDKs have is not for the compiler's
/// eyes, so it is called by name.
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /// Runs work on each signal from now on, instead of ending the program.
  ///
  /// @param name the signal's name without `SIG`
  /// @param work runs on a thread of its own
  static void onEach(String name, Runnable work) {
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
      Object _ = signal.getMethod("handle", signal, handler).invoke(null, wanted, onSignal);
    } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
      Throwable reason =
          unavailable instanceof InvocationTargetException thrown && thrown.getCause() != null
              ? thrown.getCause()
              : unavailable;
      LOG.atWarn()
          .addKeyValue("error", reason)
          .addKeyValue("signal", name)
          .log("A signal cannot be used here");
    }
  }
}
