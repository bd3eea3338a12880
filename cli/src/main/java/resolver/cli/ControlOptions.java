package resolver.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resolver.config.SettingsException;

/** What the commands have in common that speak to a running daemon. */
abstract class ControlOptions implements Callable<Integer> {
  /** Where the daemon listens that systemd runs. */
  static final Path USUAL = Path.of("/run/resolver/control");

  private final Surroundings surroundings;

  @Option(
      names = {"-j", "--json"},
      description = "Print JSON, one object a line; the fields are told below.")
  private boolean json;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The control socket of the daemon. Default: control.socket of the settings file, else"
              + " /run/resolver/control.")
  private @Nullable Path socket;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The settings file that tells where the socket is. Default: the one that serve would take.")
  private @Nullable Path config;

  ControlOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  boolean json() {
    return json;
  }

  @Nullable Path config() {
    return config;
  }

  /** Does it; {@link ControlFailure}s are told by the caller. */
  abstract int run() throws IOException, InterruptedException;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      return run();
    } catch (ControlFailure e) {
      surroundings.out().flush();
      List<String> lines = String.valueOf(e.getMessage()).lines().map(Safe::text).toList();
      surroundings.err().println("resolve: " + String.join(System.lineSeparator(), lines));
      return e.exitCode();
    }
  }

  /** Puts a request whose reply is one object. */
  JsonObject one(List<String> words) {
    return ControlClient.one(path(), words);
  }

  /** Prints an object as one line of JSON. */
  void print(JsonObject object) {
    surroundings.out().println(Json.line(object));
  }

  /** Where the daemon's socket is. */
  Path path() {
    if (socket != null) {
      return socket;
    }
    String setting;
    try {
      setting = surroundings.settings().load(config, List.of()).settings().control().socket();
    } catch (SettingsException e) {
      // The daemon may well run with what the file said before.
      return USUAL;
    }
    if (setting.isEmpty()) {
      throw new ControlFailure(
          "the daemon has no control socket: control.socket is \"\" in the settings (set it, and"
              + " start the daemon again; or name one: --socket)",
          ExitCode.NO_DAEMON);
    }
    try {
      return setting.equals("auto") ? USUAL : Path.of(setting);
    } catch (InvalidPathException e) {
      throw new ControlFailure(
          "control.socket: " + setting + " (expected: a path)", ExitCode.NO_DAEMON);
    }
  }
}
