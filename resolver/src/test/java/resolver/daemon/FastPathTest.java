package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.config.Settings;
import resolver.fixtures.Answers;
import resolver.fixtures.ManualClock;
import resolver.fixtures.ScriptedSource;
import resolver.fixtures.With;
import resolver.observe.Ledger;
import resolver.policy.AnswerRules;
import resolver.policy.Edition;
import resolver.policy.LocalRecord;
import resolver.policy.LocalRules;
import resolver.policy.LocalSettings;
import resolver.policy.PolicySettings;
import resolver.policy.SingleLabel;
import resolver.query.Answer;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.server.ClientDoor;
import resolver.server.ClientGate;
import resolver.server.ClientSettings;
import resolver.server.CookieSecrets;
import resolver.server.Sources;
import resolver.wire.ExtendedError;

/**
 * The law of the fast path: without it not one octet of any response changes, nor one counter. Two
 * resolvers, one without it, live through the same: what they say and count is held against each
 * other after every step.
 */
class FastPathTest {
  private static final List<String> NAMES =
      List.of(
          "www.example.org",
          "mail.example.org",
          "a-name.of.some.more.labels.than.usual.example.net",
          "gone.example.org",
          "private.example.com",
          "allowed.example.com",
          "here.lan.example",
          "www.example.com",
          "printer",
          "nothing.test",
          "1.2.0.192.in-addr.arpa",
          "4.3.2.10.in-addr.arpa",
          ".");
  private static final int[] TYPES = {
    Type.A, Type.A, Type.A, Type.AAAA, Type.MX, Type.HTTPS, Type.ANY, Type.PTR
  };
  private static final String SOA =
      "example.org. 60 IN SOA ns.example.org. h.example.org. 1 2 3 4 5";
  private static final String ADDRESS = "%s 60 IN A 192.0.2.%d";

  /** Valid for the first client at the start; for nobody; of a length that is none of a cookie. */
  private static final List<byte[]> COOKIES =
      Stream.of(
              "000a00180102030405060708010000006b49d200ab35c76e1d0f7748",
              "000a00180102030405060708010000006b49d2000000000000000000",
              "000a0009010203040506070809")
          .map(HexFormat.of()::parseHex)
          .toList();

  /** The same secret for both resolvers. */
  private static final ClientSettings CLIENTS =
      With.component(
          ClientSettings.DEFAULTS,
          "cookieSecret",
          CookieSecrets.parse("e5e973e5a6b2a43f48e7dc849e37bfcf"));

  /** One of the two resolvers. */
  private static final class World {
    final ManualClock clock = new ManualClock();
    final Ledger ledger = new Ledger();
    final ScriptedSource upstream = new ScriptedSource();
    final Edition edition = new Edition();
    final LocalRules localRules =
        new LocalRules(local("192.0.2.7"), Path.of("/"), () -> false, edition);
    final AnswerRules answerRules = new AnswerRules(PolicySettings.DEFAULTS, edition);
    final List<ClientDoor.Inbox> inboxes = new ArrayList<>();
    final ClientDoor door;
    final Core core;
    int shortcuts;
    private int answered;

    World(boolean fast) {
      core =
          new Core(
              Settings.DEFAULTS,
              upstream,
              question -> Long.MIN_VALUE,
              clock,
              clock,
              Runnable::run,
              ledger);
      Sources all = core.sources();
      Sources.Kept kept =
          (probe, now) -> {
            Answer found = fast ? all.kept().find(probe, now) : null;
            shortcuts += found == null ? 0 : 1;
            return found;
          };
      door =
          new ClientDoor(
              new ClientGate(Settings.DEFAULTS.server().allow(), CLIENTS, clock),
              Settings.DEFAULTS.server(),
              localRules,
              answerRules,
              new Sources(all.resolving(), all.cacheOnly(), all.full(), all.limited(), kept),
              clock,
              clock,
              ledger);
    }

    void takes(byte[] packet, Transport transport, InetSocketAddress client) {
      inboxes.add(door.take(packet, transport, client));
    }

    void upstreamAnswers(long bits) {
      if (answered < upstream.asked()) {
        ScriptedSource.Held held = upstream.held(answered);
        answered++;
        held.answer(answerOf(held.ask().question(), bits, clock.nanos()));
      }
    }

    String state() {
      StringBuilder all = new StringBuilder();
      for (ClientDoor.Inbox inbox : inboxes) {
        all.append(inbox.isIgnored());
        inbox.responses().forEach(r -> all.append(' ').append(HexFormat.of().formatHex(r)));
        all.append('\n');
      }
      for (Ledger.Count count : Ledger.Count.values()) {
        all.append(count).append(' ').append(ledger.get(count)).append('\n');
      }
      for (QueryObserver.Outcome outcome : QueryObserver.Outcome.values()) {
        all.append(outcome).append(' ').append(ledger.get(outcome)).append('\n');
      }
      return all.append(core.cache().size()).append(' ').append(upstream.asked()).toString();
    }

    /** What is settled needs not be compared again. */
    void forgetSettled() {
      inboxes.removeIf(inbox -> inbox.isIgnored() || !inbox.responses().isEmpty());
    }
  }

  private final World with = new World(true);
  private final World without = new World(false);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void withoutItNothingWouldChange(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 4000; i++) {
      step(random);
      assertThat(with.state())
          .as("after step " + i + " of seed " + seed)
          .isEqualTo(without.state());
      with.forgetSettled();
      without.forgetSettled();
    }
    assertThat(without.shortcuts).isZero();
    assertThat(with.shortcuts).isGreaterThan(150);
    assertThat(with.ledger.get(QueryObserver.Outcome.HIT)).isGreaterThan(with.shortcuts / 2);
  }

  @Test
  void aNameThatBecomesLocalIsNotAnsweredFromTheCacheAnyMore() {
    Record question = Record.newRecord(Answers.name("www.example.org"), Type.A, DClass.IN);
    byte[] query = Message.newQuery(question).toWire();
    for (int i = 0; i < 3; i++) {
      with.takes(query, Transport.UDP, client(0));
      with.upstreamAnswers(31);
    }
    assertThat(with.shortcuts).isPositive();
    LocalRecord record = LocalRecord.parse("www.example.org A 192.0.2.99");
    with.localRules.use(
        new LocalSettings("", List.of(record), List.of(), SingleLabel.AUTO, true), List.of());
    with.takes(query, Transport.UDP, client(0));
    assertThat(with.ledger.get(QueryObserver.Outcome.LOCAL)).isOne();
  }

  /** It waits on a flight that was forgotten, while another one has brought an answer. */
  @Test
  void aQueryThatWaitsIsNotAnsweredTwiceWhenItComesAgain() {
    Record question = Record.newRecord(Answers.name("www.example.org"), Type.A, DClass.IN);
    byte[] query = Message.newQuery(question).toWire();
    with.takes(query, Transport.UDP, client(0));
    with.core.flush(question.getName().toWireCanonical());
    InetSocketAddress other = new InetSocketAddress(client(0).getAddress(), 5000);
    with.takes(query, Transport.UDP, other);
    with.upstream.answer(
        1, answerOf(with.upstream.held(1).ask().question(), 31, with.clock.nanos()));
    with.takes(query, Transport.UDP, client(0));
    assertThat(with.inboxes.get(2).isIgnored()).isTrue();
    with.takes(query, Transport.UDP, other);
    assertThat(with.inboxes.get(3).responses()).hasSize(1);
  }

  private void step(SplittableRandom random) {
    int choice = random.nextInt(100);
    if (choice < 78) {
      byte[] packet = packet(random);
      Transport transport = random.nextInt(4) == 0 ? Transport.TCP : Transport.UDP;
      InetSocketAddress client = client(random.nextInt(3));
      both(world -> world.takes(packet, transport, client));
    } else if (choice < 92) {
      long bits = random.nextLong();
      both(world -> world.upstreamAnswers(bits));
    } else if (choice < 97) {
      Duration time = Duration.ofMillis(random.nextInt(5_000));
      both(world -> world.clock.advance(time));
    } else if (choice < 98) {
      boolean protects = random.nextBoolean();
      both(world -> world.answerRules.use(new PolicySettings(protects, List.of())));
    } else if (choice < 99) {
      String address = "192.0.2." + random.nextInt(250);
      both(world -> world.localRules.use(local(address), List.of()));
    } else {
      Name name = Answers.name(NAMES.get(random.nextInt(NAMES.size())));
      both(world -> world.core.flush(name.toWireCanonical()));
    }
  }

  private void both(java.util.function.Consumer<World> step) {
    step.accept(with);
    step.accept(without);
  }

  /** One is allowed, one is of the machine itself, and one is a stranger. */
  private static InetSocketAddress client(int number) {
    return new InetSocketAddress(
        List.of("127.0.0.1", "10.0.0.7", "203.0.113.9").get(number), 4000 + number);
  }

  private static LocalSettings local(String address) {
    return new LocalSettings(
        "",
        List.of(LocalRecord.parse("here.lan.example A " + address)),
        List.of(),
        SingleLabel.AUTO,
        true);
  }

  /** A query, now and then with an octet that is not as it should be. */
  private static byte[] packet(SplittableRandom random) {
    Name name = Answers.name(NAMES.get(random.nextInt(NAMES.size())));
    int type = TYPES[random.nextInt(TYPES.length)];
    byte[] packet = packet(name, type, random, random.nextInt(3) != 0);
    if (random.nextInt(25) == 0) {
      packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
    }
    return packet;
  }

  private static byte[] packet(Name name, int type, SplittableRandom random, boolean edns) {
    Message query = new Message(random.nextInt(random.nextBoolean() ? 3 : 65_536));
    set(query, Flags.RD, random.nextInt(12) != 0);
    set(query, Flags.CD, random.nextInt(10) == 0);
    set(query, Flags.AD, random.nextInt(5) == 0);
    query.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
    byte[] plain = query.toWire();
    for (int i = 13; i < plain.length - 4; i++) {
      if (random.nextBoolean()) {
        plain[i] = (byte) upper((char) plain[i]);
      }
    }
    return edns ? withOpt(plain, random) : plain;
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? Character.toString(c).toUpperCase(Locale.ROOT).charAt(0) : c;
  }

  private static void set(Message query, int flag, boolean on) {
    if (on) {
      query.getHeader().setFlag(flag);
    }
  }

  /** Sizes from none to much, DO, a version now and then, and options as stubs send them. */
  private static byte[] withOpt(byte[] plain, SplittableRandom random) {
    int size = new int[] {0, 512, 530, 1232, 4096}[random.nextInt(5)];
    int version = random.nextInt(20) == 0 ? 1 : 0;
    boolean dnssecOk = random.nextInt(3) == 0;
    byte[] options =
        switch (random.nextInt(4)) {
          case 0 -> new byte[] {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8};
          case 2 -> COOKIES.get(random.nextInt(COOKIES.size()));
          case 1 -> new byte[] {0, 12, 0, 2, 0, 0, (byte) 0xfd, (byte) 0xe9, 0, 0};
          default -> new byte[0];
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(plain);
    out.writeBytes(
        new byte[] {
          0, 0, 41, (byte) (size >> 8), (byte) size, 0, (byte) version, (byte) (dnssecOk ? 0x80 : 0)
        });
    out.writeBytes(new byte[] {0, 0, (byte) options.length});
    out.writeBytes(options);
    byte[] all = out.toByteArray();
    all[11]++;
    return all;
  }

  /** What the upstream server says; made anew for each resolver, since answers take notes. */
  private static Answer answerOf(Question question, long bits, long now) {
    String name = Answers.nameOf(question);
    int ttl = new int[] {0, 5, 60, 300}[(int) (bits & 3)];
    int last = (int) (bits >>> 8 & 127);
    return switch ((int) (bits >>> 2 & 7)) {
      case 0 -> Answers.negative(question, 3, ttl, now, SOA);
      case 1 -> Answers.negative(question, 0, ttl, now, SOA);
      case 2 ->
          Answer.local(
              2, Answer.Failure.UPSTREAM_RCODE, new ExtendedError(ExtendedError.OTHER, "no luck"));
      case 3 -> Answers.answer(question, ttl, now, name + " 60 IN A 10.0.0." + last);
      case 4 -> Answers.answer(question, ttl, now, many(name));
      case 5 -> signed(question, ttl, now, String.format(ADDRESS, name, last));
      default -> Answers.answer(question, ttl, now, String.format(ADDRESS, name, last));
    };
  }

  /** More than a small datagram takes. */
  private static String[] many(String name) {
    String[] many = new String[40];
    for (int i = 0; i < many.length; i++) {
      many[i] = String.format(ADDRESS, name, i);
    }
    return many;
  }

  /** Not the same for those who want signatures, and with an extended error. */
  private static Answer signed(Question question, int ttl, long now, String record) {
    String more = Answers.nameOf(question) + " 60 IN TXT \"as if it were a signature\"";
    return Answers.of(
            0,
            Answers.image(question, ttl, Section.ANSWER, record),
            Answers.image(question, ttl, Section.ANSWER, record, more),
            ttl,
            now)
        .withError(new ExtendedError(ExtendedError.OTHER, "told beside it"));
  }
}
