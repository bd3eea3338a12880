package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import resolver.fixtures.Programs;

/**
 * A program that has run to its end, with nothing on its standard input.
 *
 * @param status its exit status
 * @param out the lines of its standard output
 * @param err the lines of its standard error
 */
record Ran(int status, List<String> out, List<String> err) {
  /** The top of the source tree. */
  static final Path ROOT =
      Path.of(System.getProperty("project.root", "..")).toAbsolutePath().normalize();

  private static final int PATIENCE_SECONDS = 30;

  /** Runs a program of the machine; the test is skipped where that is missing. */
  static Ran program(String name, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Programs.need(name).toString()));
    command.addAll(arguments);
    // dig reads .digrc of the home.
    return of(command, Map.of("HOME", "/nonexistent", "LC_ALL", "C.UTF-8"));
  }

  /** Runs the command {@code resolve} by its launcher. */
  static Ran resolve(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return of(command, environment);
  }

  /** Runs a command in an environment that has these variables, too. */
  static Ran of(List<String> command, Map<String, String> environment) throws Exception {
    return of(command, environment, PATIENCE_SECONDS);
  }

  /** The same for one that may take so many seconds. */
  static Ran of(List<String> command, Map<String, String> environment, int seconds)
      throws Exception {
    Process process = start(command, environment);
    process.getOutputStream().close();
    Lines out = Lines.of(command.get(0), process.getInputStream());
    Lines err = Lines.of(command.get(0) + " on standard error", process.getErrorStream());
    if (!process.waitFor(seconds, SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(
          command + " has not ended within " + seconds + " s:\n" + out + "\n" + err);
    }
    return new Ran(process.exitValue(), out.all(), err.all());
  }

  /** Starts a command. The Java of the tests is its Java, and no settings of the machine hold. */
  static Process start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("RESOLVE") || name.startsWith("WATCHDOG"));
    variables.keySet().removeAll(List.of("NOTIFY_SOCKET", "JOURNAL_STREAM", "NO_COLOR"));
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    // What is tested is what the jars hold, even if the check of the class data were at fault.
    variables.put("RESOLVER_CLASS_DATA", "no");
    variables.putAll(environment);
    return builder.start();
  }

  static Path launcher() {
    return ROOT.resolve("cli/bin/resolve");
  }

  /** All that it wrote. */
  String said() {
    return String.join("\n", out) + "\n" + String.join("\n", err);
  }
}
