package resolver.cli;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import resolver.config.Flag;
import resolver.config.Loaded;
import resolver.config.SettingsFile;
import resolver.config.SettingsLoader;
import resolver.daemon.Signals;

/**
 * What the command has around it; a test gives another.
 *
 * @param out standard output
 * @param err standard error
 * @param environment the environment variables
 * @param terminal whether standard output is a terminal
 * @param settings where settings come from
 * @param inProcess how the pipeline starts within this process
 * @param signals what takes the signals of the operating system
 */
record Surroundings(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean terminal,
    SettingsSource settings,
    InProcess.Opener inProcess,
    Signalling signals) {

  /** Surroundings where no signal ever comes. */
  Surroundings(
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      boolean terminal,
      SettingsSource settings,
      InProcess.Opener inProcess) {
    this(out, err, environment, terminal, settings, inProcess, (name, action) -> {});
  }

  /** Where signals come from. */
  interface Signalling {
    /**
     * Runs an action each time the signal comes, instead of what happens else; on a thread of its
     * own.
     *
     * @param name without its prefix: {@code INT}, {@code TERM}, {@code HUP}
     */
    void handle(String name, Runnable action);
  }

  /** Where settings come from. */
  interface SettingsSource {
    /**
     * Loads them.
     *
     * @param file null means the usual places, and the defaults where there is none
     * @param flags hold instead of what the file says
     * @throws resolver.config.SettingsException where they are wrong
     */
    Loaded load(@Nullable Path file, List<Flag> flags);
  }

  static Surroundings ofProcess() {
    return new Surroundings(
        System.out,
        System.err,
        System.getenv(),
        isTerminal(),
        (file, flags) -> SettingsLoader.load(SettingsFile.find(file, System.getenv()), flags),
        InProcess::open,
        Signals::handle);
  }

  boolean debug() {
    return !environment.getOrDefault("RESOLVE_DEBUG", "").isEmpty();
  }

  /**
   * There is a console where both ends of the process are a terminal; from JDK 22 on there always
   * is one, and it must be asked.
   */
  @SuppressWarnings("SystemConsoleNull") // both ways are handled
  private static boolean isTerminal() {
    Object console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
