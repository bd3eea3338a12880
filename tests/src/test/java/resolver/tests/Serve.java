package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import resolver.fixtures.DnsClient;
import resolver.settings.Addresses;

/** {@code resolve serve} as a process, listening on one free port of 127.0.0.1 and ::1. */
final class Serve implements AutoCloseable {
  /**
   * A stop takes a second at most. The rest is for a machine with other things to do; what a stop
   * would wait for in vain in these tests takes far longer.
   */
  private static final int STOP_SECONDS = 10;

  private final Process process;
  private final Lines out;
  private final Lines err;
  private final int port;
  private final Path settings;

  /** How a daemon is to be started. */
  static final class Plan {
    private final Path settings;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> flags = new ArrayList<>();

    private Plan(Path settings) {
      this.settings = settings;
    }

    /** With these lines of the settings file. */
    Plan settings(String... lines) throws IOException {
      Files.write(settings, List.of(lines));
      return this;
    }

    Plan upstream(InetSocketAddress server) {
      flags.addAll(List.of("--upstream", Addresses.format(server)));
      return this;
    }

    /** Listening there, too. */
    Plan listen(InetSocketAddress address) {
      flags.addAll(List.of("--listen", Addresses.format(address)));
      return this;
    }

    Plan environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Starts it, and returns when it says that it is ready. */
    Serve start() throws Exception {
      List<String> addresses =
          FreePort.has("::1") ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
      int port = FreePort.on(addresses.toArray(String[]::new));
      List<String> command =
          new ArrayList<>(List.of(Ran.launcher().toString(), "serve", "-c", settings.toString()));
      for (String address : addresses) {
        command.addAll(List.of("--listen", Addresses.format(Addresses.parse(address, port))));
      }
      command.addAll(flags);
      // So short a life does not repay the better compiler.
      environment.put(
          "RESOLVER_JAVA_OPTS", "-Dio.netty.leakDetection.level=paranoid -XX:TieredStopAtLevel=1");
      Serve serve = new Serve(Ran.start(command, environment), port, settings);
      try {
        serve.out.await("ready");
        return serve;
      } catch (Exception | Error e) {
        // A launcher that has begun to build has children.
        serve.process.descendants().forEach(ProcessHandle::destroyForcibly);
        serve.process.destroyForcibly();
        throw new AssertionError("serve did not start:\n" + serve.err, e);
      }
    }
  }

  private Serve(Process process, int port, Path settings) {
    this.process = process;
    this.port = port;
    this.settings = settings;
    this.out = Lines.of("serve", process.getInputStream());
    this.err = Lines.of("serve on standard error", process.getErrorStream());
  }

  /**
   * Plans one.
   *
   * @param directory where its settings file lies
   */
  static Plan in(Path directory) throws IOException {
    return new Plan(directory.resolve("resolver.toml")).settings();
  }

  int port() {
    return port;
  }

  /** Where it listens over IPv4. */
  InetSocketAddress address() {
    return Addresses.parse("127.0.0.1", port);
  }

  DnsClient client() {
    return new DnsClient(address());
  }

  long pid() {
    return process.pid();
  }

  boolean lives() {
    return process.isAlive();
  }

  Path settings() {
    return settings;
  }

  /** What it wrote on standard output so far. */
  List<String> said() {
    return out.soFar();
  }

  /** What it logs on standard error. */
  Lines log() {
    return err;
  }

  /** Sends a signal, such as HUP. */
  void signal(String name) throws Exception {
    Ran kill = Ran.program("sh", List.of("-c", "kill -" + name + " " + pid()));
    assertThat(kill.status()).as(kill.said()).isZero();
  }

  /** Waits for its end and tells the exit status. */
  int exit() throws InterruptedException {
    if (!process.waitFor(STOP_SECONDS, SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("serve has not stopped within " + STOP_SECONDS + " s:\n" + err);
    }
    return process.exitValue();
  }

  /** Stops it with SIGTERM if it lives; it must end well, and have found no defect in itself. */
  @Override
  public void close() {
    // Unlike that of the process, this one leaves its streams open for us to read to their end.
    process.toHandle().destroy();
    try {
      assertThat(exit()).as("exit status; it said:\n" + err).isZero();
      assertThat(err.all()).noneMatch(line -> line.contains("LEAK") || line.contains("Exception"));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
