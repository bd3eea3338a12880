package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.cache.CacheRules;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.ManualClock;
import resolver.fixtures.With;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.policy.AnswerRules;
import resolver.policy.Edition;
import resolver.policy.LocalRecord;
import resolver.policy.LocalRules;
import resolver.policy.LocalSettings;
import resolver.policy.LoopProbes;
import resolver.policy.PolicySettings;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.selection.Route;
import resolver.selection.Routes;
import resolver.server.ClientDoor;
import resolver.server.ClientGate;
import resolver.server.ClientSettings;
import resolver.settings.Network;
import resolver.upstream.ScriptedUpstream;

/**
 * A day of a resolver whose cache is full, whose settings change every ten minutes, whose upstream
 * servers are silent, unreachable or out of order for minutes of every hour, and whose clients
 * repeat themselves and hang up: nothing is left of anything.
 */
class SoakTest {
  private static final int HOURS = 24;
  private static final int QUERIES_A_SECOND = 4;
  private static final int NAMES = 20_000;
  private static final Duration STEP = Duration.ofSeconds(1).dividedBy(QUERIES_A_SECOND);

  /** By then whatever fills up once is full. */
  private static final int SETTLED_AFTER_HOURS = 8;

  private static final long GROWTH = 1 << 20;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final Settings settings =
      With.component(Settings.DEFAULTS, "cache", Settings.DEFAULTS.cache().withSize(1 << 20));
  private final ScriptedUpstream upstream =
      new ScriptedUpstream(new CacheRules(settings.cache())::limits, clock, clock, ledger);
  private final Core core =
      new Core(settings, upstream, upstream::heardAt, clock, clock, Runnable::run, ledger);
  private final Edition edition = new Edition();
  private final LocalRules localRules =
      new LocalRules(local(0), List.of(), Path.of("/"), () -> false, edition, new LoopProbes());
  private final AnswerRules answerRules = new AnswerRules(PolicySettings.DEFAULTS, edition);
  private final ClientGate gate = new ClientGate(clients(0), limits(0), clock);
  private final ClientDoor door =
      new ClientDoor(
          gate, settings.server(), localRules, answerRules, core.sources(), clock, clock, ledger);
  private final List<Asked> waiting = new ArrayList<>();
  private long second;

  private record Asked(long at, Message query, InetSocketAddress client, ClientDoor.Inbox inbox) {}

  @Test
  void aDayLeavesNothingBehind() throws Exception {
    core.answerTargetsBy(localRules::answer);
    long settled = 0;
    for (int hour = 0; hour < HOURS; hour++) {
      long evicted = core.cache().evictions();
      for (int i = 0; i < 3600; i++, second++) {
        if (second % 600 == 0) {
          reload((int) (second / 600));
        }
        for (int j = 0; j < QUERIES_A_SECOND; j++) {
          ask();
          serve();
          clock.advance(STEP);
          serve();
        }
        sweep();
      }
      String about = "seed " + seed + ", after " + (hour + 1) + " hours";
      Identities.assertPartition(ledger, about);
      assertThat(core.cache().weight()).as(about).isLessThanOrEqualTo(core.cache().budget());
      assertThat(core.cache().evictions())
          .as("%s: the cache is full", about)
          .isGreaterThan(evicted);
      assertThat(core.group().flights().inFlight()).as(about).isLessThan(100);
      assertThat(clock.pending()).as("%s: timers", about).isLessThan(1000);
      if (hour == SETTLED_AFTER_HOURS) {
        settled = used();
      }
    }
    long grown = used() - settled;
    assertThat(grown).as("seed %d: octets more than at first", seed).isLessThan(GROWTH);
    assertAllIsOver();
  }

  private void assertAllIsOver() {
    String about = "seed " + seed + ", at the end";
    clock.advance(Duration.ofMinutes(1));
    sweep();
    assertThat(waiting).as(about).isEmpty();
    assertThat(core.group().flights().inFlight()).as(about).isZero();
    assertThat(core.group().flights().weight()).as(about).isZero();
    assertThat(clock.pending()).as("%s: timers", about).isZero();
    Identities.assertAtRest(ledger, about);
    // The day had of everything.
    for (Outcome outcome :
        List.of(
            Outcome.HIT,
            Outcome.LEADER,
            Outcome.FOLLOWER,
            Outcome.STALE,
            Outcome.FAILURE_HIT,
            Outcome.LOCAL,
            Outcome.REFUSED,
            Outcome.LIMITED,
            Outcome.DUPLICATE)) {
      assertThat(ledger.get(outcome)).as("%s: %s", about, outcome).isPositive();
    }
    for (Count count :
        List.of(
            Count.FLIGHTS_BY_CHILDREN,
            Count.FLIGHTS_BY_PREFETCHES,
            Count.FLIGHTS_FAILED,
            Count.WAITERS_LEFT)) {
      assertThat(ledger.get(count)).as("%s: %s", about, count).isPositive();
    }
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** As a daemon does it, but for sockets. */
  private void reload(int number) {
    List<Route> routes =
        number % 3 == 0
            ? List.of()
            : List.of(
                route("corp.example.org 192.0.2." + number % 3),
                route(number % 2 == 0 ? "out.example.org refuse" : "out.example.org local-only"));
    Routes next = core.routes().replacedBy(routes);
    localRules.use(local(number), routes);
    core.use(next);
    answerRules.use(new PolicySettings(number % 2 == 0, List.of()));
    gate.allow(clients(number));
    gate.limit(limits(number));
  }

  private static Route route(String text) {
    return Route.parse(text, server -> server);
  }

  private static LocalSettings local(int number) {
    LocalRecord record = LocalRecord.parse("n7.example.org A 192.0.2." + number % 200);
    return With.component(
        With.component(LocalSettings.DEFAULTS, "hosts", ""), "records", List.of(record));
  }

  private static List<Network> clients(int number) {
    return number % 5 == 4
        ? List.of(Network.parse("198.51.100.0/25"))
        : List.of(Network.parse("198.51.100.0/24"));
  }

  private static ClientSettings limits(int number) {
    ClientSettings few = With.component(ClientSettings.DEFAULTS, "rateBurst", 3);
    ClientSettings shared = With.component(few, "ratePrefixV4", 26);
    return With.component(shared, "rate", number % 4);
  }

  /** One client more, or one of those that wait again; now and then one of them leaves. */
  private void ask() throws IOException {
    if (!waiting.isEmpty() && random.nextInt(20) == 0) {
      Asked impatient = waiting.get(random.nextInt(waiting.size()));
      take(impatient.query(), Transport.UDP, impatient.client());
    }
    if (!waiting.isEmpty() && random.nextInt(20) == 0) {
      waiting.remove(random.nextInt(waiting.size())).inbox().hangUp();
    }
    // A few names are asked for most of the time.
    int number = (int) (NAMES * Math.pow(random.nextDouble(), 4));
    Message query = DnsClient.query(nameOf(number), random.nextInt(10) == 0 ? "AAAA" : "A");
    query.getHeader().setID(random.nextInt(1 << 16));
    Transport transport = random.nextInt(4) == 0 ? Transport.TCP : Transport.UDP;
    int crowd = random.nextInt(50) == 0 ? 5 : 1;
    for (int i = 0; i < crowd; i++) {
      take(query, transport, client(random.nextInt(256), 1024 + random.nextInt(60_000)));
    }
  }

  private void take(Message query, Transport transport, InetSocketAddress client) {
    waiting.add(
        new Asked(clock.nanos(), query, client, door.take(query.toWire(), transport, client)));
  }

  private static InetSocketAddress client(int host, int port) throws UnknownHostException {
    byte[] address = {(byte) 198, 51, 100, (byte) host};
    return new InetSocketAddress(InetAddress.getByAddress(address), port);
  }

  private static String nameOf(int number) {
    String domain = number % 20 == 3 ? "corp." : number % 20 == 4 ? "out." : "";
    return "n" + number + "." + domain + "example.org";
  }

  /** Those who have what they get need not be remembered; nobody waits longer than he may. */
  private void sweep() {
    long now = clock.nanos();
    long most = settings.server().clientDeadline().toNanos();
    waiting.removeIf(
        asked -> {
          int responses = asked.inbox().responses().size();
          assertThat(responses).as("seed %d: responses to one query", seed).isLessThan(2);
          boolean settled = responses == 1 || asked.inbox().isIgnored();
          if (!settled) {
            assertThat(now - asked.at()).as("seed %d: a wait", seed).isLessThan(most);
          }
          return settled;
        });
  }

  /** The upstream server does with what was asked of it what it does at this time of the hour. */
  private void serve() {
    long minute = second / 60 % 60;
    for (List<ScriptedUpstream.Held> held = upstream.take();
        !held.isEmpty();
        held = upstream.take()) {
      for (ScriptedUpstream.Held each : held) {
        if (minute >= 20 && minute < 25) {
          continue;
        }
        boolean broken = minute >= 50 && minute < 52;
        Runnable reply =
            minute == 40 ? each::unreachable : () -> each.reply(reply(each.question(), broken));
        clock.schedule(Duration.ofMillis(5 + random.nextInt(700)).toNanos(), ifOpen(each, reply));
      }
    }
  }

  private Runnable ifOpen(ScriptedUpstream.Held held, Runnable reply) {
    return () -> {
      if (held.isOpen()) {
        reply.run();
        serve();
      }
    };
  }

  private static byte[] reply(Question question, boolean broken) {
    try {
      Name name = new Name(question.name());
      Message reply = Message.newQuery(Record.newRecord(name, question.type(), DClass.IN));
      reply.getHeader().setFlag(Flags.QR);
      String text = name.toString();
      int number = Integer.parseInt(text.substring(1, text.indexOf('.')));
      int ttl = 1 + number * 37 % 7200;
      if (broken || number % 50 == 5) {
        reply.getHeader().setRcode(Rcode.SERVFAIL);
      } else if (number % 10 == 1 || question.type() == Type.AAAA) {
        reply.getHeader().setRcode(question.type() == Type.AAAA ? Rcode.NOERROR : Rcode.NXDOMAIN);
        String soa = "ns.example.org. h.example.org. 1 2 3 4 " + ttl % 900;
        add(reply, Name.fromString("example.org."), Type.SOA, ttl % 900, soa, Section.AUTHORITY);
      } else if (number % 10 == 2) {
        add(reply, name, Type.CNAME, ttl, nameOf(number - 2) + ".", Section.ANSWER);
      } else {
        add(reply, name, Type.A, ttl, "203.0.113." + number % 256, Section.ANSWER);
      }
      return reply.toWire();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void add(Message to, Name name, int type, int ttl, String data, int section)
      throws IOException {
    to.addRecord(Record.fromString(name, type, DClass.IN, ttl, data, Name.root), section);
  }
}
