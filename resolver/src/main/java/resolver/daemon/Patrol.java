package resolver.daemon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.upstream.Forwarder;

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
      upstreams.refreshAndTell();
      network.look(upstreams.addresses());
      if (probing) {
        forwarder.failing().forEach(loops::doubt);
        if (loops.look(upstreams.all())) {
          upstreams.refreshAndTell();
        }
      }
    } catch (RuntimeException e) {
      LOG.error("looking around threw", e);
    }
  }

  /** What another network means for those who knew the one before. */
  static void moved(String why, Forwarder forwarder, Core core, LoopWatch loops) {
    LOG.info("{}: upstream servers are asked anew, over fresh sockets", why);
    forwarder.networkChanged();
    core.forgetFailures();
    loops.startAnew();
  }
}
