package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/** The command line as the parser's library knows it: all commands, help, and every mistake. */
final class Commands {
  /** What the first word may say. */
  static final List<String> NAMES =
      List.of(
          "query",
          "serve",
          "check",
          "status",
          "stats",
          "upstreams",
          "flights",
          "lookup",
          "explain",
          "flush",
          "reload",
          "log-level",
          "wait",
          "doctor",
          "stampede",
          "completion",
          "help");

  private static final List<String> ABOUT = List.of("-h", "--help", "-V", "--version");

  private Commands() {}

  /** Runs what the words say; returns the exit code. */
  static int run(Surroundings surroundings, String... args) {
    return commandLine(surroundings, args).execute(args);
  }

  /** With all its commands where the first word names one or help is wanted, else for asking. */
  private static CommandLine commandLine(Surroundings surroundings, String... args) {
    boolean whole = args.length > 0 && (NAMES.contains(args[0]) || ABOUT.contains(args[0]));
    return whole
        ? whole(surroundings)
        : configured(surroundings, new CommandLine(new ResolveCommand(surroundings)));
  }

  /** The command with all its commands. */
  static CommandLine whole(Surroundings surroundings) {
    CommandLine root =
        new CommandLine(new ResolveCommand(surroundings))
            .addSubcommand(new QueryCommand(surroundings))
            .addSubcommand(new ServeCommand(surroundings))
            .addSubcommand(new CheckCommand(surroundings))
            .addSubcommand(new StatusCommand(surroundings))
            .addSubcommand(new StatsCommand(surroundings))
            .addSubcommand(new UpstreamsCommand(surroundings))
            .addSubcommand(new FlightsCommand(surroundings))
            .addSubcommand(new LookupCommand(surroundings))
            .addSubcommand(new ExplainCommand(surroundings))
            .addSubcommand(new FlushCommand(surroundings))
            .addSubcommand(new ReloadCommand(surroundings))
            .addSubcommand(new LogLevelCommand(surroundings))
            .addSubcommand(new WaitCommand(surroundings))
            .addSubcommand(new DoctorCommand(surroundings))
            .addSubcommand(new StampedeCommand(surroundings))
            .addSubcommand(new CompletionCommand(surroundings))
            .addSubcommand(new CommandLine.HelpCommand());
    return configured(surroundings, root);
  }

  private static CommandLine configured(Surroundings surroundings, CommandLine command) {
    Paint.When auto = Paint.When.auto;
    boolean colours = Paint.of(auto, surroundings.terminal(), surroundings.environment()).isOn();
    return command
        .setExpandAtFiles(false) // @ begins a server here
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                colours ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setUsageHelpLongOptionsMaxWidth(24)
        .setUsageHelpWidth(96)
        .setOut(new PrintWriter(surroundings.out(), true, UTF_8))
        .setErr(new PrintWriter(surroundings.err(), true, UTF_8))
        .setParameterExceptionHandler((e, args) -> usage(surroundings, e))
        .setExecutionExceptionHandler((e, cmd, parsed) -> failed(surroundings, e, cmd));
  }

  private static int usage(Surroundings surroundings, CommandLine.ParameterException e) {
    String hint = "";
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()
        && unmatched.getUnmatched().get(0).startsWith("-")) {
      hint = " (did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?)";
    }
    return usage(surroundings, String.valueOf(e.getMessage()) + hint, e.getCommandLine());
  }

  private static int usage(Surroundings surroundings, String message, CommandLine command) {
    String begin = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    String name = command.getCommandSpec().qualifiedName();
    surroundings.err().println("resolve: " + begin);
    surroundings.err().println("Try '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  private static int failed(Surroundings surroundings, Exception e, CommandLine command) {
    return e instanceof UsageException
        ? usage(surroundings, String.valueOf(e.getMessage()), command)
        : Main.failed(surroundings, e);
  }
}
