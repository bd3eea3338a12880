package resolver.daemon;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;
import resolver.policy.LoopProbes;
import resolver.query.Question;
import resolver.upstream.Server;

/**
 * Finds the upstream servers that lead back to this resolver, straight or through others, by asking
 * each of them for a name that would be noticed at our own door.
 *
 * <ul>
 *   <li>A server is probed when it is new, when the network is another one, and when it has failed
 *       at everything for a while.
 *   <li>One whose probe comes back leads to us, and is named in the log. It is probed again every
 *       minute, until it answers one that did not come back.
 *   <li>A probe that is neither answered nor comes back tells nothing.
 * </ul>
 *
 * <p>Any thread may call. Probes are sent by the thread that looks, outside the lock.
 */
final class LoopWatch {
  /** Sends a probe. */
  interface Sender {
    /**
     * Asks one server.
     *
     * @param answered is run, by whatever thread, when a server has answered
     */
    void send(Server server, Question probe, Runnable answered);
  }

  private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  private final LoopProbes probes;
  private final Sender sender;
  private final Ticker ticker;
  private final Map<Server, Watched> servers = new HashMap<>();

  /** What is known of one server. */
  private static final class Watched {
    private boolean leadsBack;
    private boolean due = true;
    private LoopProbes.@Nullable Probe probe;
    private boolean answered;
    private long askedAt;
  }

  LoopWatch(LoopProbes probes, Sender sender, Ticker ticker) {
    this.probes = probes;
    this.sender = sender;
    this.ticker = ticker;
  }

  /**
   * Looks what has become of the probes, and sends those that are due.
   *
   * @param all the servers that there are now, whether they lead back or not
   * @return whether it is known of another server than before, or of one no longer, that it does
   */
  boolean look(List<Server> all) {
    Map<Server, LoopProbes.Probe> toSend = new HashMap<>();
    boolean changed = decide(all, toSend);
    toSend.forEach(
        (server, probe) -> sender.send(server, probe.question(), () -> answered(server, probe)));
    return changed;
  }

  private synchronized boolean decide(List<Server> all, Map<Server, LoopProbes.Probe> toSend) {
    for (Server gone : List.copyOf(servers.keySet())) {
      if (!all.contains(gone)) {
        end(servers.remove(gone));
      }
    }
    boolean changed = false;
    long now = ticker.nanos();
    for (Server server : all) {
      Watched watched = servers.computeIfAbsent(server, any -> new Watched());
      boolean before = watched.leadsBack;
      judge(server, watched, now);
      changed |= before != watched.leadsBack;
      boolean again = watched.leadsBack && now - watched.askedAt >= AGAIN_NANOS;
      if (watched.probe == null && (watched.due || again)) {
        LoopProbes.Probe probe = probes.begin();
        watched.probe = probe;
        watched.due = false;
        watched.answered = false;
        watched.askedAt = now;
        toSend.put(server, probe);
      }
    }
    return changed;
  }

  private void judge(Server server, Watched watched, long now) {
    if (watched.probe == null) {
      return;
    }
    if (watched.probe.cameBack()) {
      if (!watched.leadsBack) {
        LOG.error(
            "upstream {} leads back to this resolver: it asks us what we ask it, or somebody behind"
                + " it does. It is left out while there are others. Let it ask others than us, or"
                + " take it out of upstream.servers",
            server);
      }
      watched.leadsBack = true;
      end(watched);
    } else if (watched.answered) {
      if (watched.leadsBack) {
        LOG.info("upstream {} leads back to this resolver no longer", server);
      }
      watched.leadsBack = false;
      end(watched);
    } else if (now - watched.askedAt >= PATIENCE_NANOS) {
      end(watched);
    }
  }

  private void end(@Nullable Watched watched) {
    if (watched != null && watched.probe != null) {
      probes.end(watched.probe);
      watched.probe = null;
    }
  }

  private synchronized void answered(Server server, LoopProbes.Probe probe) {
    Watched watched = servers.get(server);
    if (watched != null && probe == watched.probe) {
      watched.answered = true;
    }
  }

  /** Every server is probed at the next look: the network is another one. */
  synchronized void startAnew() {
    servers.values().forEach(watched -> watched.due = true);
  }

  /** A server fails at everything: it is probed at the next look, but once a minute at most. */
  synchronized void doubt(Server server) {
    Watched watched = servers.get(server);
    if (watched != null && ticker.nanos() - watched.askedAt >= AGAIN_NANOS) {
      watched.due = true;
    }
  }

  /** Whether a server is known to lead to us. */
  synchronized boolean leadsBack(Server server) {
    Watched watched = servers.get(server);
    return watched != null && watched.leadsBack;
  }
}
