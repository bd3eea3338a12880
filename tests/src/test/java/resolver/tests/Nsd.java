package resolver.tests;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import resolver.fixtures.Programs;
import resolver.settings.Addresses;

/** An nsd that serves zones on loopback, to whoever asks. */
final class Nsd implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";

  private final Process process;
  private final Lines log;
  private final InetSocketAddress address;

  private Nsd(Process process, InetSocketAddress address) {
    this.process = process;
    this.log = Lines.of("nsd", process.getErrorStream());
    this.address = address;
  }

  /**
   * Starts one that is ready; the test is skipped where there is no nsd.
   *
   * @param directory where it may write
   * @param zones names with a dot at their end, and the file of each
   */
  static Nsd start(Path directory, Map<String, Path> zones) throws Exception {
    Path program = Programs.need("nsd");
    int port = FreePort.on(ADDRESS);
    StringBuilder text =
        new StringBuilder(
            """
            server:
              ip-address: %1$s@%2$d
              username: ""
              chroot: ""
              database: ""
              zonesdir: "%3$s"
              pidfile: "%3$s/nsd.pid"
              xfrdfile: "%3$s/xfrd.state"
              zonelistfile: "%3$s/zone.list"
              xfrdir: "%3$s"
              server-count: 1
              rrl-ratelimit: 0
              refuse-any: no
              verbosity: 1
            remote-control:
              control-enable: no
            """
                .formatted(ADDRESS, port, directory));
    zones.forEach(
        (name, file) ->
            text.append("zone:\n  name: \"%s\"\n  zonefile: \"%s\"\n".formatted(name, file)));
    Path configuration = Files.writeString(directory.resolve("nsd.conf"), text);
    Process process =
        Ran.start(List.of(program.toString(), "-d", "-c", configuration.toString()), Map.of());
    Nsd nsd = new Nsd(process, Addresses.parse(ADDRESS, port));
    try {
      nsd.log.await("nsd started");
      if (nsd.log.soFar().stream().anyMatch(line -> line.contains("error: "))) {
        throw new AssertionError("nsd does not like a zone:\n" + nsd.log);
      }
      return nsd;
    } catch (Exception | Error e) {
      nsd.close();
      throw e;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
