package resolver.upstream;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Type;
import resolver.clock.Ticker;

/**
 * Finds the addresses of servers that settings name by host name: pinned ones of the settings, and
 * what plain servers say. These are asked again when what they said has run out; till they answer
 * the old addresses hold. Nobody waits for it: a server without an address is passed on as it is,
 * and cannot be asked yet.
 *
 * <p>Any thread may call. What is under way ends on the executor, under the lock; the lock is never
 * held while anybody is called back.
 */
public final class Bootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
  private static final long SECOND = 1_000_000_000L;
  private static final long SHORTEST = 30 * SECOND;
  private static final long LONGEST = Duration.ofDays(1).toNanos();
  private static final long FIRST_RETRY = 2 * SECOND;
  private static final long LAST_RETRY = 60 * SECOND;
  private static final long TELL_AGAIN = Duration.ofHours(1).toNanos();

  /** A name with more addresses than these is served well enough by some. */
  private static final int MOST_ADDRESSES = 16;

  private final Map<String, Host> hosts = new HashMap<>();
  private final List<Server> named;
  private final Supplier<List<Server>> system;
  private final SideQuestion questions;
  private final Ticker ticker;
  private final Runnable changed;

  /** What is known of one name. */
  private static final class Host {
    List<InetAddress> addresses = List.of();
    long dueAt;
    long retry = FIRST_RETRY;
    boolean told;
    long toldAt;
    int underWay;
    int ttl;
    String trouble = "";
    boolean startedAnew;
    final Set<Class<? extends InetAddress>> failed = new HashSet<>();
    final Set<InetAddress> found = new LinkedHashSet<>();
  }

  /**
   * A bootstrap that has asked nobody.
   *
   * @param system the plain servers of this machine, which are asked where the settings name none
   * @param executor where answers are taken
   * @param changed is called on the executor when addresses have been found that were not known
   */
  public Bootstrap(
      List<BootstrapWord> words,
      Supplier<List<Server>> system,
      Forwarder forwarder,
      Ticker ticker,
      Executor executor,
      Runnable changed) {
    this(words, system, new SideQuestion(forwarder::ask, executor, ticker), changed);
  }

  Bootstrap(
      List<BootstrapWord> words,
      Supplier<List<Server>> system,
      SideQuestion questions,
      Runnable changed) {
    this.system = system;
    this.questions = questions;
    this.ticker = questions.ticker();
    this.changed = changed;
    this.named =
        words.stream()
            .filter(BootstrapWord::isServer)
            .map(word -> Server.plain(word.addresses().get(0)))
            .toList();
    for (BootstrapWord word : words) {
      if (!word.isServer()) {
        Host host = hosts.computeIfAbsent(word.host(), name -> new Host());
        host.found.addAll(word.ips());
        host.addresses = List.copyOf(host.found);
        // Nobody is asked about what is pinned, unless the settings name whom to ask.
        host.dueAt = named.isEmpty() ? Long.MAX_VALUE : 0;
      }
    }
  }

  /**
   * The servers with their addresses: one for each address of a name, in place of the one that was
   * named. Begins to look for what is not known, or known for too long.
   */
  public List<Server> resolve(List<Server> servers) {
    if (servers.stream().allMatch(Server::hasAddress)) {
      return servers;
    }
    List<Server> resolved = new ArrayList<>();
    for (Server server : servers) {
      if (server.hasAddress()) {
        resolved.add(server);
        continue;
      }
      List<InetAddress> addresses = addressesOf(server.address().getHostString());
      addresses.forEach(address -> resolved.add(server.at(address)));
      if (addresses.isEmpty()) {
        resolved.add(server);
      }
    }
    return List.copyOf(resolved);
  }

  /** We are in another network: all that is not pinned is asked for anew, without delay. */
  public synchronized void startAnew() {
    for (Host host : hosts.values()) {
      host.retry = FIRST_RETRY;
      host.startedAnew = host.underWay > 0;
      if (host.dueAt != Long.MAX_VALUE) {
        host.dueAt = 0;
      }
    }
  }

  private List<InetAddress> addressesOf(String name) {
    synchronized (this) {
      Host host = hosts.computeIfAbsent(name, n -> new Host());
      if (!isDue(host)) {
        return host.addresses;
      }
      host.underWay = 2;
      host.ttl = Integer.MAX_VALUE;
      host.trouble = "no server is known that could be asked";
      host.found.clear();
      host.failed.clear();
    }
    List<Server> asked = whomToAsk();
    ask(asked, name, Type.A, Inet4Address.class);
    ask(asked, name, Type.AAAA, Inet6Address.class);
    synchronized (this) {
      return hosts.computeIfAbsent(name, n -> new Host()).addresses;
    }
  }

  /** Nobody where that cannot be told: then the question fails, and is asked again later. */
  private List<Server> whomToAsk() {
    try {
      return named.isEmpty() ? system.get() : named;
    } catch (RuntimeException e) {
      LOG.error("looking for servers to ask for the addresses of others threw", e);
      return List.of();
    }
  }

  /** Whatever happens, what is begun here ends: what is under way for ever is never asked again. */
  private void ask(List<Server> asked, String name, int type, Class<? extends InetAddress> family) {
    AtomicBoolean taken = new AtomicBoolean();
    Consumer<SideQuestion.Reply> once =
        reply -> {
          if (taken.compareAndSet(false, true)) {
            take(name, family, reply);
          }
        };
    try {
      questions.ask(asked, name, type, once);
    } catch (RuntimeException e) {
      LOG.error("asking for the address of the upstream server {} threw", name, e);
      once.accept(new SideQuestion.Reply(List.of(), 0, false, String.valueOf(e)));
    }
  }

  private boolean isDue(Host host) {
    boolean fresh = host.dueAt != 0 && ticker.nanos() - host.dueAt < 0;
    return host.underWay == 0 && host.dueAt != Long.MAX_VALUE && !fresh;
  }

  private void take(String name, Class<? extends InetAddress> family, SideQuestion.Reply reply) {
    boolean news = false;
    synchronized (this) {
      Host host = hosts.computeIfAbsent(name, n -> new Host());
      host.underWay--;
      host.found.addAll(reply.addresses());
      if (!reply.answered()) {
        host.failed.add(family);
      }
      if (!reply.addresses().isEmpty()) {
        host.ttl = Math.min(host.ttl, reply.ttl());
      } else if (!reply.trouble().isEmpty()) {
        host.trouble = reply.trouble();
      }
      if (host.underWay == 0) {
        news = conclude(name, host);
        // What was asked in the network before may not hold in this one.
        host.dueAt = host.startedAnew ? 0 : host.dueAt;
        host.startedAnew = false;
      }
    }
    if (news) {
      changed.run();
    }
  }

  private boolean conclude(String name, Host host) {
    long now = ticker.nanos();
    if (host.found.isEmpty()) {
      host.dueAt = notZero(now + nextRetry(host));
      if (host.addresses.isEmpty() && (!host.told || now - host.toldAt > TELL_AGAIN)) {
        host.told = true;
        host.toldAt = now;
        LOG.warn(
            "the address of the upstream server {} is not known: {}. Name it, or a server that"
                + " knows it, in upstream.bootstrap",
            name,
            host.trouble);
      }
      return false;
    }
    long lifetime = Math.max(SHORTEST, Math.min(LONGEST, host.ttl * SECOND));
    if (host.failed.isEmpty()) {
      host.retry = FIRST_RETRY;
      host.dueAt = notZero(now + lifetime);
    } else {
      host.dueAt = notZero(now + Math.min(lifetime, nextRetry(host)));
    }
    List<InetAddress> next = next(host);
    boolean news = !next.equals(host.addresses);
    host.addresses = next;
    return news;
  }

  private static long nextRetry(Host host) {
    long retry = host.retry;
    host.retry = Math.min(2 * retry, LAST_RETRY);
    return retry;
  }

  /**
   * What was found, and what was known of a family that could not be asked for. What is known keeps
   * its place, for servers turn their records round.
   */
  private static List<InetAddress> next(Host host) {
    Set<InetAddress> next = new LinkedHashSet<>(host.addresses);
    next.removeIf(each -> !host.found.contains(each) && !host.failed.contains(each.getClass()));
    next.addAll(host.found);
    Set<InetAddress> some = new HashSet<>(firstOf(Inet4Address.class, next));
    some.addAll(firstOf(Inet6Address.class, next));
    return next.stream().filter(some::contains).toList();
  }

  private static List<InetAddress> firstOf(
      Class<? extends InetAddress> family, Set<InetAddress> addresses) {
    return addresses.stream().filter(family::isInstance).limit(MOST_ADDRESSES).toList();
  }

  private static long notZero(long time) {
    return time == 0 ? 1 : time;
  }
}
