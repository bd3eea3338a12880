package resolver.daemon;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import resolver.cache.CacheRules;
import resolver.config.Settings;
import resolver.fixtures.DnsClient;
import resolver.fixtures.ManualClock;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.server.ClientDoor;
import resolver.upstream.ScriptedUpstream;

/**
 * What a scenario plays in: the shared half between the client half and a scripted upstream server,
 * all on one thread, with a clock moved by hand. Its methods are the steps; what is not as expected
 * is told by an {@link AssertionError}.
 */
final class ScenarioWorld {
  /** After so long every client has its answer and every flight its end. */
  private static final Duration UNTIL_ALL_IS_OVER = Duration.ofSeconds(30);

  private final ManualClock clock = new ManualClock();
  private final Ledger ledger = new Ledger();
  private final ScriptedUpstream upstream;
  private final Core core;
  private final ClientDoor door;
  private final Map<String, List<Client>> clients = new HashMap<>();
  private int sent;
  private int accounted;

  /** A client that has sent its one query. */
  private static final class Client {
    final Message query;
    final Transport transport;
    final InetSocketAddress from;
    final ClientDoor.Inbox inbox;
    boolean gone;

    Client(Message query, Transport transport, InetSocketAddress from, ClientDoor.Inbox inbox) {
      this.query = query;
      this.transport = transport;
      this.from = from;
      this.inbox = inbox;
    }
  }

  /** A world in which nothing has happened. */
  ScenarioWorld(Settings settings) {
    CacheRules rules = new CacheRules(settings.cache());
    upstream = new ScriptedUpstream(rules::limits, clock, clock, ledger);
    core = new Core(settings, upstream, upstream::heardAt, clock, clock, Runnable::run, ledger);
    door = new ClientDoor(settings.server(), core.sources(), clock, clock, ledger);
  }

  /** Clients send a query each, with IDs and ports of their own. */
  void query(String name, int count, Message query, Transport transport, String address) {
    List<Client> crowd = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent++;
      Message own = query.clone();
      own.getHeader().setID(sent);
      crowd.add(send(own, transport, new InetSocketAddress(address, 1024 + sent)));
    }
    clients.put(name, crowd);
  }

  /** The very same query comes again, as of a stub that has lost patience. */
  void repeat(String name, String earlier) {
    Client first = named(earlier).get(0);
    clients.put(name, List.of(send(first.query, first.transport, first.from)));
  }

  private Client send(Message query, Transport transport, InetSocketAddress from) {
    ClientDoor.Inbox inbox = door.take(query.toWire(), transport, from);
    return new Client(query, transport, from, inbox);
  }

  /** A client closes its connection. */
  void hangUp(String name) {
    for (Client client : named(name)) {
      client.gone = true;
      client.inbox.hangUp();
    }
  }

  /** There is exactly one query more at the upstream server than the scenario has told of. */
  void upstreamIsAsked(Question question) {
    expect("questions to the upstream server", List.of(question), questions(notToldOf()));
    accounted++;
  }

  /** There is none. */
  void upstreamIsNotAsked() {
    expect("questions not told of", List.of(), questions(notToldOf()));
  }

  /** The upstream server replies to the oldest query that it holds, or to that for a question. */
  void upstreamAnswers(@Nullable Question question, ScenarioMessage message) {
    ScriptedUpstream.Held held = oldest(question);
    held.reply(message.asReplyTo(held.question()));
  }

  /** There is no way to the upstream server. */
  void upstreamIsUnreachable(@Nullable Question question) {
    oldest(question).unreachable();
  }

  /** The upstream server is heard about something else. */
  void upstreamIsHeard() {
    upstream.speak();
  }

  /** From now on what the upstream server says comes over loopback. */
  void upstreamIsTrusted() {
    upstream.moveToLoopback();
  }

  private ScriptedUpstream.Held oldest(@Nullable Question question) {
    upstreamIsNotAsked();
    List<ScriptedUpstream.Held> open =
        upstream.held().stream()
            .filter(held -> held.isOpen())
            .filter(held -> question == null || held.question().equals(question))
            .toList();
    expect("that the upstream server holds a query", true, !open.isEmpty());
    return open.get(0);
  }

  private List<ScriptedUpstream.Held> notToldOf() {
    List<ScriptedUpstream.Held> all = upstream.held();
    return all.subList(accounted, all.size());
  }

  private static List<Question> questions(List<ScriptedUpstream.Held> held) {
    return held.stream().map(ScriptedUpstream.Held::question).toList();
  }

  /** Clients have no response yet. */
  void checkWaits(String name) {
    for (Client client : named(name)) {
      expect("responses", List.of(), responses(client));
      expect("ignored", false, client.inbox.isIgnored());
    }
  }

  /** Clients will never get one. */
  void checkIgnored(String name) {
    for (Client client : named(name)) {
      expect("responses", List.of(), responses(client));
      expect("ignored", true, client.inbox.isIgnored());
    }
  }

  /** Clients have this response, and it is one to what they have asked. */
  void checkAnswer(String name, ScenarioMessage expected) {
    for (Client client : named(name)) {
      expect("responses", List.of(expected.toString()), responses(client));
      assertIsResponseTo(client.query, parse(client.inbox.responses().get(0)));
    }
  }

  private static List<String> responses(Client client) {
    return client.inbox.responses().stream()
        .map(octets -> ScenarioMessage.of(parse(octets)).toString())
        .toList();
  }

  private static Message parse(byte[] octets) {
    return DnsClient.parse(octets);
  }

  private static void assertIsResponseTo(Message query, Message response) {
    expect("ID", query.getHeader().getID(), response.getHeader().getID());
    // As text, for names are equal whatever their case.
    expect("question", query.getQuestion().toString(), response.getQuestion().toString());
    expect("EDNS", query.getOPT() != null, response.getOPT() != null);
    for (int flag : List.of((int) Flags.RD, (int) Flags.CD)) {
      boolean set = query.getHeader().getFlag(flag);
      expect(Flags.string(flag), set, response.getHeader().getFlag(flag));
    }
    expect("QR", true, response.getHeader().getFlag(Flags.QR));
    expect("RA", true, response.getHeader().getFlag(Flags.RA));
  }

  private List<Client> named(String name) {
    return clients.getOrDefault(name, List.of());
  }

  void timePasses(Duration time) {
    clock.advance(time);
  }

  void flush(byte[] name) {
    core.flush(name);
  }

  void flushBelow(byte[] name) {
    core.flushBelow(name);
  }

  void flushNegatives() {
    core.flushNegatives();
  }

  void flushEverything() {
    core.flush();
  }

  void checkCount(Outcome outcome, long count) {
    expect(ledger.summary() + ": " + outcome, count, ledger.get(outcome));
  }

  /** What must hold at the end of every scenario, whatever it was about. */
  void end() {
    upstreamIsNotAsked();
    clock.advance(UNTIL_ALL_IS_OVER);
    upstreamIsNotAsked();
    for (String name : clients.keySet().stream().sorted().toList()) {
      for (Client client : named(name)) {
        boolean none = client.inbox.isIgnored() || client.gone;
        expect("responses to " + name, none ? 0 : 1, client.inbox.responses().size());
      }
    }
    expect("flights under way", 0, core.group().flights().inFlight());
    expectBalance();
  }

  private void expectBalance() {
    Identities.assertAtRest(ledger, "at the end");
    long behind = ledger.get(Count.FLIGHTS_BY_PREFETCHES) + ledger.get(Count.FLIGHTS_BY_REFRESHES);
    expect(
        "waiters told, or gone",
        ledger.get(Outcome.LEADER) + behind + ledger.get(Outcome.FOLLOWER),
        ledger.get(Count.WAITERS_DELIVERED) + ledger.get(Count.WAITERS_LEFT));
  }

  private static void expect(String what, Object expected, Object seen) {
    if (!expected.equals(seen)) {
      throw new AssertionError(what + "\n  expected: " + expected + "\n  seen: " + seen);
    }
  }
}
