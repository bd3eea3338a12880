package resolver.cli;

import resolver.config.SettingsException;

/**
 * The command {@code resolve}. The first word alone may name a command; anything else is a name to
 * look up, so that {@code resolve query serve} and {@code resolve --short serve} ask for the name
 * "serve".
 */
public final class Main {
  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    Surroundings surroundings = Surroundings.ofProcess();
    if (args.length > 0 && args[0].equals("serve")) {
      DaemonLog.useForThisProcess();
    } else {
      StderrLog.useForThisProcess(surroundings.debug());
    }
    int code = run(surroundings, args);
    System.out.flush();
    System.exit(code);
  }

  /** Runs the command; never throws. */
  static int run(Surroundings surroundings, String... args) {
    try {
      // The library takes as long to load as the daemon does to start.
      ServeCommand serve = PlainServe.parse(surroundings, args);
      return serve == null ? Commands.run(surroundings, args) : serve.call();
    } catch (RuntimeException | Error e) {
      return failed(surroundings, e);
    }
  }

  /** Tells of what was thrown; returns the exit code. */
  static int failed(Surroundings surroundings, Throwable e) {
    if (e instanceof SettingsException) {
      surroundings.err().println("resolve: the settings cannot be used:");
      surroundings.err().println(e.getMessage());
      return ExitCode.USAGE;
    }
    surroundings.err().println("resolve: internal error: " + Safe.text(e.toString()));
    if (surroundings.debug()) {
      e.printStackTrace(surroundings.err());
    } else {
      surroundings
          .err()
          .println("This is a defect. With RESOLVE_DEBUG=1 it tells where; please report that.");
    }
    return ExitCode.INTERNAL;
  }
}
