package dev.postern;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGUSR1, by which Traefik is told, and so this program, that log files have been moved away.
///
/// Java has no public interface for signals; the one that all JDKs have is not for the compiler's
/// eyes, so it is called by name.
final class RotationSignal {
  private static final Logger LOG = LoggerFactory.getLogger(RotationSignal.class);

  private RotationSignal() {}

  /// Runs work on each signal from now on, instead of ending the program.
  static void onEach(Runnable work) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object onSignal =
          Proxy.newProxyInstance(
              RotationSignal.class.getClassLoader(),
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
                    case String name -> name;
                  });
      Object usr1 = signal.getConstructor(String.class).newInstance("USR1");
      Object _ = signal.getMethod("handle", signal, handler).invoke(null, usr1, onSignal);
    } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
      Throwable reason =
          unavailable instanceof InvocationTargetException thrown && thrown.getCause() != null
              ? thrown.getCause()
              : unavailable;
      LOG.atWarn().addKeyValue("error", reason).log("SIGUSR1 cannot be used to rotate logs");
    }
  }
}
