package resolver.upstream;

import static resolver.fixtures.Upstreams.plain;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.LoggerFactory;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.net.Sockets;
import resolver.query.Ask;
import resolver.query.QueryObserver;
import resolver.query.TtlLimits;
import resolver.settings.Addresses;

/**
 * A program that asks upstream servers while the process has no descriptor left, and again when it
 * has some. To be run with a low limit; prints what it is answered.
 */
final class StarvedForwarder {
  private StarvedForwarder() {}

  public static void main(String[] ports) throws IOException {
    // Nothing but the answers shall be printed.
    ((Logger) LoggerFactory.getLogger(Samples.class)).setLevel(Level.OFF);
    EventLoopGroup loops = Sockets.best().newLoops(1, "starved");
    Forwarder forwarder =
        new Forwarder(
            loops,
            Sockets.best(),
            new SystemTicker(),
            new UpstreamSettings(Servers.AUTO, Duration.ofSeconds(1), 5, 1232, Duration.ZERO),
            question -> new TtlLimits(0, 86_400, 900),
            Duration.ofSeconds(5),
            Runnable::run,
            QueryObserver.NONE);
    InetSocketAddress[] servers = new InetSocketAddress[ports.length];
    for (int i = 0; i < ports.length; i++) {
      servers[i] = Addresses.parse("127.0.0.1", Integer.parseInt(ports[i]));
    }
    // Whatever has to be loaded from a file is loaded by the first round, failures included.
    ask(forwarder, loops, Addresses.parse("127.0.0.1", 1), "nobody");
    for (InetSocketAddress server : servers) {
      ask(forwarder, loops, server, "before");
      forwarder.use(plain());
      loops.submit(() -> {}).awaitUninterruptibly();
    }
    Deque<FileInputStream> all = new ArrayDeque<>();
    try {
      while (true) {
        all.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      ask(forwarder, loops, servers[0], "without sockets");
      all.remove().close();
      ask(forwarder, loops, servers[1], "with one socket");
    }
    while (!all.isEmpty()) {
      all.remove().close();
    }
    for (InetSocketAddress server : servers) {
      ask(forwarder, loops, server, "after");
    }
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
  }

  private static void ask(
      Forwarder forwarder, EventLoopGroup loops, InetSocketAddress server, String when) {
    forwarder.use(plain(server));
    Catcher catcher = new Catcher(loops.next());
    Ask question = Ask.byClient(Answers.question("a.example.org", "A"), 0);
    Future<?> asked =
        loops.next().submit(() -> forwarder.ask(question, catcher)).awaitUninterruptibly();
    if (!asked.isSuccess()) {
      System.out.println(when + ": " + asked.cause());
      return;
    }
    System.out.println(when + ": " + catcher.answer().rcode() + " " + catcher.answer().failure());
  }
}
