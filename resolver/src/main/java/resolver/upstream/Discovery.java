package resolver.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Type;
import resolver.clock.Ticker;

/**
 * Puts encrypted servers in the place of plain ones that name them (RFC 9462): verified discovery
 * of section 4.2, and nothing less.
 *
 * <ul>
 *   <li>A plain server is asked for those that stand in for it, and again when that has run out.
 *   <li>The first of them that answers over an encrypted connection, with a certificate that is
 *       also for the address of the plain one, takes its place.
 *   <li>It keeps that place until a later discovery says otherwise. When it cannot be reached any
 *       more the plain one is asked again, which the log tells, till the time of the designation is
 *       over.
 * </ul>
 *
 * <p>Any thread may call. What is under way ends on the executor, under the lock; nobody is called
 * back under it.
 */
public final class Discovery {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final long SECOND = 1_000_000_000L;
  private static final long SHORTEST = Duration.ofMinutes(1).toNanos();
  private static final long LONGEST = Duration.ofDays(1).toNanos();

  /** When a server that names nobody, or could not be asked, is asked again. */
  private static final long AGAIN = Duration.ofMinutes(10).toNanos();

  /** For how long an encrypted server may fail before the plain one is asked again. */
  private static final long PATIENCE_MILLIS = 5_000;

  private static final int MOST_CANDIDATES = 8;

  private final Map<Server, State> states = new HashMap<>();
  private final SideQuestion questions;
  private final Ticker ticker;
  private final Supplier<Map<Server, Trouble>> troubles;
  private final Runnable changed;

  /** What is known of one plain server. */
  private static final class State {
    boolean asked;
    boolean underWay;
    long dueAt;
    @Nullable Server standIn;
  }

  /**
   * A discovery that has asked nobody.
   *
   * @param executor where answers are taken
   * @param changed is called on the executor when a server stands in for another
   */
  public Discovery(Forwarder forwarder, Ticker ticker, Executor executor, Runnable changed) {
    this(new SideQuestion(forwarder::ask, executor, ticker), forwarder::troubles, changed);
  }

  Discovery(SideQuestion questions, Supplier<Map<Server, Trouble>> troubles, Runnable changed) {
    this.questions = questions;
    this.ticker = questions.ticker();
    this.troubles = troubles;
    this.changed = changed;
  }

  /** The servers, with those in their places that stand in for them. Begins what is due. */
  public List<Server> upgrade(List<Server> servers) {
    List<Server> due = new ArrayList<>();
    List<Server> upgraded = new ArrayList<>();
    Map<Server, Trouble> now = troubles.get();
    synchronized (this) {
      states.keySet().retainAll(new HashSet<>(servers));
      for (Server server : servers) {
        if (server.isEncrypted()) {
          upgraded.add(server);
          continue;
        }
        State state = states.computeIfAbsent(server, s -> new State());
        dropIfDead(server, state, now);
        upgraded.add(state.standIn == null ? server : state.standIn);
        if (!state.underWay && (!state.asked || ticker.nanos() - state.dueAt >= 0)) {
          state.underWay = true;
          due.add(server);
        }
      }
    }
    due.forEach(
        server ->
            questions.ask(
                List.of(server), Designations.NAME, Type.SVCB, reply -> take(server, reply)));
    return upgraded.stream().distinct().toList();
  }

  private void dropIfDead(Server server, State state, Map<Server, Trouble> now) {
    Trouble trouble = state.standIn == null ? null : now.get(state.standIn);
    if (trouble != null && ticker.wallMillis() - trouble.since() >= PATIENCE_MILLIS) {
      LOG.warn(
          "upstream {} is asked in plain text again, for {}, which stood in for it, cannot be"
              + " used: {}",
          server,
          state.standIn,
          trouble.why());
      state.standIn = null;
    }
  }

  private void take(Server server, SideQuestion.Reply reply) {
    Deque<Server> candidates = new ArrayDeque<>();
    Designations.of(reply.records(), server.address().getAddress()).stream()
        .limit(MOST_CANDIDATES)
        .forEach(candidates::add);
    long lifetime = Math.max(SHORTEST, Math.min(LONGEST, reply.ttl() * SECOND));
    tryNext(server, candidates, reply.records().isEmpty() ? AGAIN : lifetime, reply.reached());
  }

  private void tryNext(Server server, Deque<Server> candidates, long lifetime, boolean reached) {
    Server candidate = candidates.poll();
    if (candidate == null) {
      conclude(server, null, lifetime, reached);
    } else if (candidate.hasAddress()) {
      questions.ask(
          List.of(candidate),
          Designations.NAME,
          Type.SVCB,
          reply -> {
            if (reply.reached()) {
              conclude(server, candidate, lifetime, true);
            } else {
              LOG.info(
                  "{} cannot stand in for upstream {}: {}", candidate, server, reply.trouble());
              tryNext(server, candidates, lifetime, reached);
            }
          });
    } else {
      lookUp(server, candidate, candidates, lifetime, Type.AAAA, reached);
    }
  }

  /** Asks for the addresses of a candidate, IPv4 last so that these are tried first. */
  private void lookUp(
      Server server,
      Server candidate,
      Deque<Server> candidates,
      long lifetime,
      int type,
      boolean reached) {
    questions.ask(
        List.of(server),
        candidate.identity(),
        type,
        reply -> {
          List<InetAddress> found = reply.addresses();
          for (int i = Math.min(found.size(), 2) - 1; i >= 0; i--) {
            candidates.addFirst(candidate.at(found.get(i)));
          }
          if (type == Type.AAAA) {
            lookUp(server, candidate, candidates, lifetime, Type.A, reached);
          } else {
            tryNext(server, candidates, lifetime, reached);
          }
        });
  }

  private void conclude(Server server, @Nullable Server standIn, long lifetime, boolean reached) {
    boolean news;
    synchronized (this) {
      State state = states.get(server);
      if (state == null) {
        return;
      }
      state.asked = true;
      state.underWay = false;
      state.dueAt = ticker.nanos() + lifetime;
      // Silence of the plain server says nothing about the one that stands in for it.
      Server next = standIn == null && !reached ? state.standIn : standIn;
      news = next == null ? state.standIn != null : !next.equals(state.standIn);
      if (news) {
        LOG.info(
            next == null
                ? "upstream {} names no encrypted server any more"
                : "upstream {} is asked as {} from now on",
            server,
            next);
      }
      state.standIn = next;
    }
    if (news) {
      changed.run();
    }
  }
}
