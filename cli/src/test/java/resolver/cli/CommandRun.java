package resolver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import resolver.config.Loaded;
import resolver.config.Settings;
import resolver.settings.Addresses;

/** Runs the command within the test, with settings and surroundings of the test's choice. */
final class CommandRun {
  /** An address of the loopback network that nobody uses. */
  static final InetSocketAddress NOBODY = Addresses.parse("127.83.19.7", 5300);

  final Map<String, String> environment = new HashMap<>();
  final AtomicInteger opened = new AtomicInteger();
  boolean terminal;

  /** What the command does at each signal, by its name. */
  final Map<String, Runnable> signals = new ConcurrentHashMap<>();

  /** Is told the name of each signal that the command takes, and may raise it. */
  Consumer<String> whenTaken = name -> {};

  /** Runs at each writing on standard output. */
  Runnable whenWritten = () -> {};

  private final ByteArrayOutputStream outOctets =
      new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] octets, int offset, int length) {
          super.write(octets, offset, length);
          whenWritten.run();
        }
      };
  private final ByteArrayOutputStream errOctets = new ByteArrayOutputStream();
  private InetSocketAddress daemon = NOBODY;
  private InetSocketAddress upstream = NOBODY;

  CommandRun daemonAt(InetSocketAddress address) {
    daemon = address;
    return this;
  }

  CommandRun upstreamOfThisProcess(InetSocketAddress address) {
    upstream = address;
    return this;
  }

  /** Runs it once and returns the exit code. */
  int run(String... args) {
    return Main.run(
        new Surroundings(
            new PrintStream(outOctets, true, UTF_8),
            new PrintStream(errOctets, true, UTF_8),
            environment,
            terminal,
            (file, flags) -> new Loaded(listeningAt(daemon), file, List.of()),
            settings -> new Local(),
            (name, action) -> {
              signals.put(name, action);
              whenTaken.accept(name);
            }),
        args);
  }

  /** Does what the command does at a signal. */
  void raise(String name) {
    Objects.requireNonNull(signals.get(name), name).run();
  }

  String out() {
    return outOctets.toString(UTF_8);
  }

  String err() {
    return errOctets.toString(UTF_8);
  }

  private static Settings listeningAt(InetSocketAddress address) {
    Settings defaults = Settings.DEFAULTS;
    return new Settings(
        defaults.server().withListen(List.of(address)),
        defaults.cache(),
        defaults.lookup(),
        defaults.upstream(),
        defaults.local(),
        defaults.policy(),
        defaults.log());
  }

  private final class Local implements InProcess {
    Local() {
      opened.incrementAndGet();
    }

    @Override
    public Resolver resolver() {
      return new SimpleResolver(upstream);
    }

    @Override
    public String describe() {
      return "upstream 192.0.2.53:53";
    }

    @Override
    public void close() {}
  }
}
