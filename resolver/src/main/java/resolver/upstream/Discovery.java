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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
 *   <li>Whoever cannot be asked anyway does not: this resolver itself, one that no route leads to,
 *       one that leads back here. As long as that is so the plain one is asked.
 *   <li>Two plain servers that name the same ones get one each, as far as these suffice.
 *   <li>It keeps that place until a later discovery says otherwise. When it cannot be reached any
 *       more, or fails at everything, the plain one is asked again, which the log tells, till the
 *       time of the designation is over.
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
  private static final long PATIENCE = 5 * SECOND;

  /**
   * When a server is asked again whose stand-in has failed; then after twice as long, and so on.
   */
  private static final long FIRST_RETRY = 5 * SECOND;

  private final Map<Server, State> states = new HashMap<>();
  private final SideQuestion questions;
  private final Ticker ticker;
  private final Supplier<Map<Server, Trouble>> troubles;
  private final Supplier<List<Server>> failing;
  private final Predicate<Server> isFit;
  private final Runnable changed;

  /** What is known of one plain server. */
  private static final class State {
    boolean asked;
    boolean underWay;
    boolean startedAnew;
    long dueAt;

    /**
     * How long a search that failed is waited after where there is haste; 0 where there is none.
     */
    long retry;

    @Nullable Server standIn;

    /** The one that was told to be unfit. */
    @Nullable Server unfit;

    /** Since when it stands in. */
    long standsInSince;

    /** Whether the stand-in fails at much of late, and since when that was seen. */
    boolean failing;

    long failingSince;

    /** Whether it is being asked whether it answers at all. */
    boolean checked;

    /** How long one that failed at everything was set aside last; 0 where that was long ago. */
    long rest;
  }

  /**
   * What a plain server has said, and who is still to be tried.
   *
   * @param namesNobody whether it has said that nobody stands in for it
   * @param spare one that has proven itself, but stands in for another already; or null
   */
  private record Search(
      Server server,
      Deque<Server> candidates,
      long lifetime,
      boolean namesNobody,
      @Nullable Server spare) {
    Search(Server server, Deque<Server> candidates, long lifetime, boolean namesNobody) {
      this(server, candidates, lifetime, namesNobody, null);
    }

    Search sparing(Server proven) {
      return new Search(server, candidates, lifetime, namesNobody, spare == null ? proven : spare);
    }
  }

  /**
   * A discovery that has asked nobody.
   *
   * @param executor where answers are taken
   * @param isFit whether a server with an address can be asked from here; is called without a lock
   * @param changed is called on the executor when a server stands in for another
   */
  public Discovery(
      Forwarder forwarder,
      Ticker ticker,
      Executor executor,
      Predicate<Server> isFit,
      Runnable changed) {
    this(
        new SideQuestion(forwarder::ask, executor, ticker),
        forwarder::troubles,
        forwarder::failing,
        isFit,
        changed);
  }

  /**
   * The same without a forwarder.
   *
   * @param troubles tells to which servers there is no connection
   * @param failing tells which servers have failed at many exchanges in a row
   */
  Discovery(
      SideQuestion questions,
      Supplier<Map<Server, Trouble>> troubles,
      Supplier<List<Server>> failing,
      Predicate<Server> isFit,
      Runnable changed) {
    this.questions = questions;
    this.ticker = questions.ticker();
    this.troubles = troubles;
    this.failing = failing;
    this.isFit = isFit;
    this.changed = changed;
  }

  /** The servers, with those in their places that stand in for them. Begins what is due. */
  public List<Server> upgrade(List<Server> servers) {
    List<Server> due = new ArrayList<>();
    List<Server> upgraded = new ArrayList<>();
    Map<Server, Trouble> now = troubles.get();
    List<Server> failingNow = failing.get();
    Map<Server, Server> doubted = new HashMap<>();
    Set<Server> unfit = unfit();
    synchronized (this) {
      states.keySet().retainAll(new HashSet<>(servers));
      for (Server server : servers) {
        if (server.isEncrypted()) {
          upgraded.add(server);
          continue;
        }
        State state = states.computeIfAbsent(server, s -> new State());
        noteFailing(state, failingNow);
        if (isDoubtful(state)) {
          state.checked = true;
          doubted.put(server, Objects.requireNonNull(state.standIn));
        }
        dropIfDead(server, state, now);
        upgraded.add(placed(server, state, unfit));
        if (!state.underWay && (!state.asked || ticker.nanos() - state.dueAt >= 0)) {
          state.underWay = true;
          due.add(server);
        }
      }
    }
    due.forEach(
        server -> ask(server, server, Designations.NAME, Type.SVCB, reply -> take(server, reply)));
    doubted.forEach(this::check);
    return each(upgraded);
  }

  /** Each once: the same one in the place of two is one. */
  private static List<Server> each(List<Server> servers) {
    List<Server> once = new ArrayList<>();
    for (Server server : servers) {
      if (once.stream().noneMatch(server::isSameButForProof)) {
        once.add(server);
      }
    }
    return once;
  }

  private synchronized boolean isTaken(Server candidate, Server by) {
    return states.entrySet().stream()
        .filter(other -> !other.getKey().equals(by))
        .map(other -> other.getValue().standIn)
        .anyMatch(standIn -> standIn != null && standIn.isSameButForProof(candidate));
  }

  /** All that stand in for others, those that are unfit at present among them. */
  public synchronized List<Server> standIns() {
    return states.values().stream()
        .map(state -> state.standIn)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private Set<Server> unfit() {
    Set<Server> unfit = new HashSet<>(standIns());
    unfit.removeIf(isFit);
    return unfit;
  }

  private static Server placed(Server server, State state, Set<Server> unfit) {
    Server standIn = state.standIn;
    if (standIn == null || !unfit.contains(standIn)) {
      state.unfit = null;
      return standIn == null ? server : standIn;
    }
    if (!standIn.equals(state.unfit)) {
      LOG.warn(
          "upstream {} is asked in plain text, for {}, which stands in for it, cannot be asked from"
              + " here: it is this resolver, or leads back to it, or has no route",
          server,
          standIn);
      state.unfit = standIn;
    }
    return server;
  }

  /** We are in another network: all servers are asked anew, without delay. */
  public synchronized void startAnew() {
    for (State state : states.values()) {
      state.asked = false;
      state.startedAnew = state.underWay;
      state.retry = FIRST_RETRY;
    }
  }

  private void noteFailing(State state, List<Server> failingNow) {
    boolean failing = state.standIn != null && failingNow.contains(state.standIn);
    if (failing && !state.failing) {
      state.failingSince = ticker.nanos();
    }
    state.failing = failing;
  }

  private boolean isDoubtful(State state) {
    return state.failing && !state.checked && ticker.nanos() - state.failingSince >= PATIENCE;
  }

  /**
   * A stand-in that failed at many questions may have been asked many bad ones. Whether it answers
   * at all is told by one that everybody can answer who resolves.
   */
  private void check(Server server, Server standIn) {
    try {
      questions.ask(List.of(standIn), ".", Type.NS, reply -> judge(server, standIn, reply));
    } catch (RuntimeException e) {
      LOG.error("asking {} whether it answers at all threw", standIn, e);
      synchronized (this) {
        forgetDoubt(states.get(server));
      }
    }
  }

  private void judge(Server server, Server standIn, SideQuestion.Reply reply) {
    synchronized (this) {
      State state = states.get(server);
      forgetDoubt(state);
      if (state == null || reply.answered() || !standIn.equals(state.standIn)) {
        return;
      }
      boolean again = ticker.nanos() - state.standsInSince < AGAIN;
      state.rest = again ? Math.max(FIRST_RETRY, Math.min(2 * state.rest, AGAIN)) : FIRST_RETRY;
      drop(server, state, "it has failed at many queries in a row", state.rest);
    }
    changed.run();
  }

  private void forgetDoubt(@Nullable State state) {
    if (state != null) {
      state.checked = false;
      state.failing = false;
    }
  }

  private void dropIfDead(Server server, State state, Map<Server, Trouble> now) {
    Trouble trouble = state.standIn == null ? null : now.get(state.standIn);
    if (trouble != null && ticker.nanos() - trouble.since() >= PATIENCE) {
      drop(server, state, trouble.why(), FIRST_RETRY);
    }
  }

  private void drop(Server server, State state, String why, long rest) {
    LOG.warn(
        "upstream {} is asked in plain text again, for {}, which stood in for it, cannot be"
            + " used: {}",
        server,
        state.standIn,
        why);
    state.standIn = null;
    state.failing = false;
    state.retry = rest;
    state.dueAt = ticker.nanos() + rest;
  }

  private void take(Server server, SideQuestion.Reply reply) {
    Deque<Server> candidates =
        new ArrayDeque<>(Designations.of(reply.records(), server.address().getAddress()));
    long lifetime = Math.max(SHORTEST, Math.min(LONGEST, reply.ttl() * SECOND));
    boolean namesNobody = reply.answered() && candidates.isEmpty();
    tryNext(
        new Search(server, candidates, reply.records().isEmpty() ? AGAIN : lifetime, namesNobody));
  }

  private void tryNext(Search search) {
    Server candidate = search.candidates.poll();
    if (candidate == null) {
      conclude(search, search.spare);
    } else if (candidate.hasAddress() && !isFit.test(candidate)) {
      tryNext(search);
    } else if (candidate.hasAddress()) {
      ask(
          search.server,
          candidate,
          Designations.NAME,
          Type.SVCB,
          reply -> {
            if (reply.answered() && isTaken(candidate, search.server)) {
              tryNext(search.sparing(candidate));
            } else if (reply.answered()) {
              conclude(search, candidate);
            } else {
              LOG.info(
                  "{} cannot stand in for upstream {}: {}",
                  candidate,
                  search.server,
                  reply.trouble());
              tryNext(search);
            }
          });
    } else {
      lookUp(search, candidate, Type.AAAA);
    }
  }

  /** Asks for the addresses of a candidate, IPv4 last so that these are tried first. */
  private void lookUp(Search search, Server candidate, int type) {
    ask(
        search.server,
        search.server,
        candidate.identity(),
        type,
        reply -> {
          InetAddress plain = search.server.address().getAddress();
          List<InetAddress> found =
              reply.addresses().stream()
                  .filter(address -> Designations.isFit(address, plain))
                  .toList();
          for (int i = Math.min(found.size(), 2) - 1; i >= 0; i--) {
            search.candidates.addFirst(candidate.at(found.get(i)));
          }
          while (search.candidates.size() > Designations.MOST) {
            search.candidates.removeLast();
          }
          if (type == Type.AAAA) {
            lookUp(search, candidate, Type.A);
          } else {
            tryNext(search);
          }
        });
  }

  /** Asks on behalf of a search, which ends where asking or what comes of it throws. */
  private void ask(
      Server server, Server asked, String name, int type, Consumer<SideQuestion.Reply> to) {
    guarded(
        server,
        () ->
            questions.ask(
                List.of(asked), name, type, reply -> guarded(server, () -> to.accept(reply))));
  }

  private void guarded(Server server, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("looking for those that stand in for upstream {} threw", server, e);
      conclude(new Search(server, new ArrayDeque<>(), AGAIN, false), null);
    }
  }

  private void conclude(Search search, @Nullable Server standIn) {
    Server server = search.server;
    boolean news;
    synchronized (this) {
      State state = states.get(server);
      if (state == null) {
        return;
      }
      // Neither silence nor failure says anything about the one that stands in for it.
      Server next = standIn == null && !search.namesNobody ? state.standIn : standIn;
      boolean failed = next == null && !search.namesNobody;
      // What was asked in the network before may not hold in this one.
      state.asked = !state.startedAnew;
      if (!state.startedAnew) {
        state.retry = failed ? Math.min(2 * state.retry, AGAIN) : 0;
      }
      state.startedAnew = false;
      state.underWay = false;
      state.dueAt =
          ticker.nanos()
              + (state.retry == 0 ? search.lifetime : Math.min(state.retry, search.lifetime));
      news = next == null ? state.standIn != null : !next.equals(state.standIn);
      if (news) {
        state.failing = false;
        state.standsInSince = ticker.nanos();
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
