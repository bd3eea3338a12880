package resolver.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import resolver.config.Flag;
import resolver.config.Loaded;
import resolver.daemon.StartException;

/** {@code resolve serve}: the daemon. */
@Command(
    name = "serve",
    header = "Serve DNS: the daemon.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve serve|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Serves DNS in the foreground: takes queries over UDP and TCP, answers from its cache, and asks"
          + " the upstream servers for the rest. Equal lookups at the same time become one.",
      "",
      "Stops on SIGTERM or Ctrl-C. SIGHUP reads the settings file and the system's list of upstream"
          + " servers again. A flag overrides the settings file, also after a SIGHUP."
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped as told",
      "1:could not start, for example because a port is taken",
      "2:the command line or the settings are wrong",
      "10:a defect of this program",
      "143:stopped by SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve serve",
      "  resolve serve --listen 127.0.0.1:53 --listen [::1]:53",
      "  resolve serve --upstream 192.0.2.53 --upstream [2001:db8::53]:5353 --cache-size 256MiB",
      "  resolve serve --config /etc/resolver/resolver.toml"
    })
final class ServeCommand implements Callable<Integer> {
  /** The system property that says how much the log tells; it holds where it is set already. */
  static final String LOG_LEVEL = "resolver.log.level";

  private final Surroundings surroundings;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The settings file (TOML). Default: the one that the variable RESOLVER_CONFIG names, else"
              + " /etc/resolver/resolver.toml where it is there, else built-in defaults.")
  @Nullable Path config;

  @Option(
      names = {"-l", "--listen"},
      paramLabel = "ADDRESS[:PORT]",
      description = "Take queries there; may be repeated. Default: 127.0.0.1:5300 and [::1]:5300.")
  List<String> listen = new ArrayList<>();

  @Option(
      names = {"-u", "--upstream"},
      paramLabel = "SERVER",
      description =
          "Ask this server: ADDRESS[:PORT], tls://ADDRESS#NAME or https://NAME/PATH; may be"
              + " repeated, in the order of preference. Default: auto, the servers that the system"
              + " itself was told.")
  List<String> upstream = new ArrayList<>();

  @Option(
      names = "--cache-size",
      paramLabel = "SIZE",
      description = "The budget for all cached answers together. Default: 64MiB.")
  @Nullable String cacheSize;

  ServeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Loaded loaded = surroundings.settings().load(config, flags());
    loaded.warnings().forEach(w -> surroundings.err().println("resolve: warning: " + w));
    // The log reads it when the first logger of the daemon is made.
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, loaded.settings().log().level().name());
    }
    try {
      return resolver.daemon.Main.serve(
          loaded,
          () -> surroundings.settings().load(config, flags()),
          surroundings.out(),
          ClassData::verifyInBackground);
    } catch (StartException e) {
      surroundings.err().println("resolve: " + e.getMessage());
      return ExitCode.NOT_STARTED;
    }
  }

  private List<Flag> flags() {
    List<Flag> flags = new ArrayList<>();
    if (!listen.isEmpty()) {
      flags.add(new Flag("--listen", "server.listen", listen));
    }
    if (!upstream.isEmpty()) {
      flags.add(new Flag("--upstream", "upstream.servers", upstream));
    }
    if (cacheSize != null) {
      flags.add(new Flag("--cache-size", "cache.size", List.of(cacheSize)));
    }
    return flags;
  }
}
