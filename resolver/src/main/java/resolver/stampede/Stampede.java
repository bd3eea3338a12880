package resolver.stampede;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import resolver.clock.DeadlineQueue;
import resolver.clock.LoopTimers;
import resolver.clock.SystemTicker;
import resolver.clock.Ticker;
import resolver.clock.Timers;
import resolver.net.Sockets;

/**
 * One stampede from start to end: the crowd's clients, spread over event loops of their own. Runs
 * once.
 */
public final class Stampede {
  /** A stub resolver asks again after this time, more or less. */
  private static final long RESEND_NANOS = 1_000_000_000L;

  private static final int MOST_LOOPS = 4;

  private final StampedeSettings settings;
  private final InetSocketAddress server;
  private final CountingUpstream upstream;
  private final Sockets sockets = Sockets.best();
  private final Ticker ticker = new SystemTicker();
  private final EventLoopGroup loops;
  private final Rounds rounds;
  private volatile boolean stopped;

  /**
   * Prepares one.
   *
   * @param server takes the questions, and forwards to the upstream
   * @param listener is told of every whole round, on an event loop: must not block nor throw
   */
  public Stampede(
      StampedeSettings settings,
      InetSocketAddress server,
      CountingUpstream upstream,
      Consumer<RoundResult> listener) {
    this.settings = settings;
    this.server = server;
    this.upstream = upstream;
    int count = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    this.loops = sockets.newLoops(count, "crowd");
    Timers timers = new LoopTimers(loops.next());
    int token = ThreadLocalRandom.current().nextInt();
    this.rounds = new Rounds(settings, upstream, ticker, timers, token, listener);
  }

  /**
   * Lets the crowd ask, and waits for the end. Must not be called on an event loop.
   *
   * @return what the whole rounds came to, also after {@link #stop}
   * @throws InterruptedException where the caller was interrupted; the crowd is gone then
   */
  public Scorecard run() throws InterruptedException {
    try {
      for (Client client : clients()) {
        client.desk.loop().execute(client::begin);
      }
      rounds.over().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      rounds.stop();
      Future<?> ended = Sockets.end(loops, 2000);
      if (!stopped) {
        ended.await(5, TimeUnit.SECONDS);
      }
    }
    List<RoundResult> results = rounds.results();
    return Scorecard.of(
        settings, results, results.stream().map(r -> upstream.countOf(r.name())).toList());
  }

  /**
   * Ends the round under way, which then does not count; {@link #run} returns at once, and the
   * crowd goes home behind it. Any thread may call.
   */
  public void stop() {
    stopped = true;
    rounds.stop();
  }

  private List<Client> clients() {
    List<Client.Desk> desks = new ArrayList<>();
    for (EventExecutor loop : loops) {
      Timers timers = new LoopTimers(loop);
      desks.add(
          new Client.Desk(
              (EventLoop) loop,
              rounds,
              new DeadlineQueue(ticker, timers, RESEND_NANOS),
              new DeadlineQueue(ticker, timers, settings.timeout().toNanos()),
              settings.seed(),
              settings.ownSpelling(),
              settings.asksAgain()));
    }
    return settings.stay() ? crowd(desks) : molecules(desks);
  }

  /** Those who stay: as many as a round needs, sharing sockets. */
  private List<Client> crowd(List<Client.Desk> desks) {
    int turns = settings.warmUps() + settings.rounds();
    List<UdpSocket> shared = new ArrayList<>();
    for (int i = 0; i < settings.udpSockets(); i++) {
      shared.add(socket(desks.get(i % desks.size())));
    }
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < settings.udpPerRound(); i++) {
      int socket = i % shared.size();
      Client.Desk desk = desks.get(socket % desks.size());
      clients.add(new UdpClient(desk, shared.get(socket), i, turns));
    }
    for (int i = 0; i < settings.tcpPerRound(); i++) {
      int number = clients.size();
      clients.add(new TcpClient(desks.get(i % desks.size()), sockets, server, number, turns));
    }
    return clients;
  }

  /** Those who go after their turn: as many as all rounds need, each with a socket of its own. */
  private List<Client> molecules(List<Client.Desk> desks) {
    List<Client> clients = new ArrayList<>();
    for (int molecule = 0; molecule < settings.together() * settings.rounds(); molecule++) {
      for (int i = 0; i < settings.molecule().size(); i++) {
        int number = clients.size();
        Client.Desk desk = desks.get(number % desks.size());
        clients.add(
            i < settings.molecule().udp()
                ? new UdpClient(desk, socket(desk), number, 1)
                : new TcpClient(desk, sockets, server, number, 1));
      }
    }
    return clients;
  }

  private UdpSocket socket(Client.Desk desk) {
    return new UdpSocket(desk.loop(), rounds, sockets, server);
  }
}
