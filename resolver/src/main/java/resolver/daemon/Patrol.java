package resolver.daemon;

import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.upstream.Forwarder;
import resolver.upstream.Server;

/**
 * Looks around every two seconds: for addresses of our own that have come or gone, for servers, for
 * another network, for loops. What it finds it has put right at once. Belongs to one thread at a
 * time.
 */
final class Patrol {
  private static final Logger LOG = LoggerFactory.getLogger(Patrol.class);

  private final Runnable ownAddresses;
  private final UpstreamWatch upstreams;
  private final NetworkWatch network;
  private final LoopWatch loops;
  private final Forwarder forwarder;
  private final boolean probing;

  /**
   * A patrol.
   *
   * @param ownAddresses listens on what has come
   * @param probing whether servers are probed for loops
   */
  Patrol(
      Runnable ownAddresses,
      UpstreamWatch upstreams,
      NetworkWatch network,
      LoopWatch loops,
      Forwarder forwarder,
      boolean probing) {
    this.ownAddresses = ownAddresses;
    this.upstreams = upstreams;
    this.network = network;
    this.loops = loops;
    this.forwarder = forwarder;
    this.probing = probing;
  }

  /** Looks. Must not throw: it is called by a timer. */
  synchronized void look() {
    try {
      ownAddresses.run();
      // Before anybody draws conclusions from what an earlier network was like.
      network.look(servers().stream().map(Server::address).toList());
      upstreams.refreshAndTell();
      if (probing) {
        forwarder.failing().forEach(loops::doubt);
        if (loops.look(servers())) {
          upstreams.refreshAndTell();
        }
      }
      forwarder.reviewRoutes();
    } catch (RuntimeException e) {
      LOG.error("looking around threw", e);
    }
  }

  /** Those of the routes, too, and those that are not asked for now. */
  private List<Server> servers() {
    return Stream.concat(upstreams.all().stream(), forwarder.servers().stream())
        .filter(Server::hasAddress)
        .distinct()
        .toList();
  }

  /** What another network means for those who knew the one before. */
  static void moved(
      String why, UpstreamWatch upstreams, Forwarder forwarder, Core core, LoopWatch loops) {
    LOG.info("{}: upstream servers are asked anew, over fresh sockets", why);
    upstreams.startAnew();
    forwarder.networkChanged();
    core.forgetFailures();
    loops.startAnew();
  }
}
