package resolver.upstream;

import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.With;
import resolver.net.Sockets;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Pending;
import resolver.query.QueryObserver;
import resolver.query.TtlLimits;

/** A forwarder on one event loop, with an authority of the test's own. */
final class EncryptedClient implements AutoCloseable {
  private final ExecutorService offLoop = Executors.newSingleThreadExecutor();
  private final EventLoopGroup loops = Sockets.best().newLoops(1, "test");
  final Forwarder forwarder;

  EncryptedClient(Path authorities) {
    this(authorities, Duration.ofSeconds(30), Duration.ofSeconds(8));
  }

  EncryptedClient(Path authorities, Duration idle, Duration lookupTime) {
    UpstreamSettings settings =
        With.component(
            With.component(UpstreamSettings.DEFAULTS, "tlsIdle", idle),
            "tlsCa",
            authorities.toString());
    forwarder =
        new Forwarder(
            loops,
            Sockets.best(),
            new SystemTicker(),
            settings,
            question -> new TtlLimits(0, 86_400, 900),
            lookupTime,
            offLoop,
            QueryObserver.NONE);
  }

  /** Asks this server from now on. */
  EncryptedClient use(String... words) {
    List<Server> servers = new ArrayList<>();
    for (String each : words) {
      servers.add(ServerWords.parse(each));
    }
    forwarder.use(servers);
    return this;
  }

  Answer ask(String name) {
    return begin(name).answer();
  }

  /** What an answer that is a failure says about it. */
  String trouble(String name) {
    Answer answer = ask(name);
    return answer.errors().isEmpty()
        ? "none: RCODE " + answer.rcode()
        : answer.errors().get(0).text();
  }

  /** That of the one server, or zero before it is measured. */
  long roundTripNanos() {
    return forwarder.status().values().iterator().next().get(0).roundTripNanos();
  }

  Catcher begin(String name) {
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(Answers.question(name, "A"), 0), catcher);
    return catcher;
  }

  /** Asks, and is told how to leave. */
  Pending beginToLeave(String name) {
    return forwarder.ask(Ask.byClient(Answers.question(name, "A"), 0), new Catcher(loops.next()));
  }

  @Override
  public void close() {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    offLoop.shutdownNow();
  }
}
