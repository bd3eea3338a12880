package resolver.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handlers for the signals of the operating system.
 *
 * <p>By reflection, for {@code sun.misc.Signal} is hidden from a compiler that is told {@code
 * --release}, and there is no other way.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Runs an action whenever the signal comes, in place of what the virtual machine would do. Each
   * time runs on a new thread; the action may block.
   *
   * @param name without its prefix: {@code INT}, {@code TERM}, {@code HUP}
   * @return false, with a warning, when the virtual machine keeps that signal to itself (as under
   *     {@code -Xrs}) or there is none of that name; the signal then does what it did before
   */
  public static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, calls(name, action));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (InvocationTargetException e) {
      LOG.warn("signal {} is not handled: {}", name, String.valueOf(e.getCause()));
    } catch (ReflectiveOperationException e) {
      LOG.warn("signal {} is not handled: {}", name, e.toString());
    }
    return false;
  }

  /**
   * Sends this process a signal, which is handled as one from outside.
   *
   * @param name without its prefix
   * @throws IllegalStateException where there is none of that name, or it cannot be sent
   */
  public static void raise(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      signal
          .getMethod("raise", signal)
          .invoke(null, signal.getConstructor(String.class).newInstance(name));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signal: " + name + " (expected: one that can be sent)", e);
    }
  }

  private static InvocationHandler calls(String name, Runnable action) {
    return (proxy, method, arguments) -> {
      switch (method.getName()) {
        case "handle" -> run(name, action);
        case "equals" -> {
          return proxy == arguments[0];
        }
        case "hashCode" -> {
          return System.identityHashCode(proxy);
        }
        case "toString" -> {
          return "handler of " + name;
        }
        default -> throw new UnsupportedOperationException(method.getName());
      }
      return null;
    };
  }

  private static void run(String name, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("the handler of signal {} failed", name, e);
    }
  }
}
