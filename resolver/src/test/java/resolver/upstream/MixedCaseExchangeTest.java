package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.clock.SystemTicker;
import resolver.fixtures.Answers;
import resolver.fixtures.Catcher;
import resolver.fixtures.StubNameServer;
import resolver.fixtures.StubScript;
import resolver.fixtures.Upstreams;
import resolver.fixtures.With;
import resolver.net.Sockets;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.QueryObserver;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.query.TtlLimits;

/** Names in random spelling with name servers that really listen. */
class MixedCaseExchangeTest {
  private static final String NAME = "a-long-name-with-many-letters.example.org";
  private static final Question LONG = Answers.question(NAME, "A");
  private static final String ADDRESS = NAME + ". 300 IN A 192.0.2.1";
  private static final String FORGED = NAME + ". 300 IN A 203.0.113.66";

  private final StubNameServer server = StubNameServer.start();
  private EventLoopGroup loops = Sockets.best().newLoops(1, "test");
  private Forwarder forwarder = forwarder(Sockets.best(), true);

  @AfterEach
  void stop() {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Sockets.class)
  void everyQuerySpellsTheNameAnewAndTheAnswerIsSpeltAsEver(Sockets sockets) {
    restart(sockets);
    server.otherwise().answers(ADDRESS);
    for (int i = 0; i < 10; i++) {
      assertThat(ask().image(false)).isEqualTo(Answers.image(LONG, 300, 1, ADDRESS));
    }
    assertThat(spellings()).hasSize(10);
    assertThat(server.count(Transport.TCP)).isZero();
  }

  @Test
  void aResponseInAnotherSpellingIsPassedOver() {
    server
        .otherwise()
        .precededBy(
            (query, transport) ->
                // Nobody forges what comes over a stream, whose answer may be the first to come.
                transport == Transport.TCP ? reply(query, ADDRESS) : small(query, FORGED))
        .replies((query, transport) -> reply(query, ADDRESS));
    for (int i = 0; i < 3; i++) {
      assertThat(ask().image(false)).isEqualTo(Answers.image(LONG, 300, 1, ADDRESS));
    }
  }

  @Test
  void whoSpellsInItsOwnWayIsAskedOverTcpAndSparedAfterAWhile() {
    server.otherwise().replies((query, transport) -> small(query, ADDRESS));
    for (int i = 0; i < MixedCase.MOST_STRANGE; i++) {
      Answer answer = ask();
      assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
      assertThat(transport(answer)).isEqualTo(Transport.TCP);
    }
    assertThat(transport(ask())).isEqualTo(Transport.UDP);
    assertThat(spellings()).contains(NAME + ".");
  }

  @Test
  void withoutTheSettingNamesAreSmall() {
    forwarder = forwarder(Sockets.best(), false);
    server.otherwise().answers(ADDRESS);
    ask();
    assertThat(spellings()).containsExactly(NAME + ".");
  }

  private static Transport transport(Answer answer) {
    return Objects.requireNonNull(answer.provenance()).transport();
  }

  private Set<String> spellings() {
    Set<String> spellings = new HashSet<>();
    server
        .received()
        .forEach(query -> spellings.add(query.message().getQuestion().getName().toString()));
    return spellings;
  }

  private static Message reply(Message query, String record) {
    return StubScript.reply(query, Rcode.NOERROR, StubScript.parse(record), Section.ANSWER);
  }

  /** A response that repeats the question in small letters. */
  private static Message small(Message query, String record) {
    Message reply = reply(query, record);
    reply.removeAllRecords(Section.QUESTION);
    reply.addRecord(QueryRenderer.questionRecord(LONG), Section.QUESTION);
    return reply;
  }

  private Answer ask() {
    Catcher catcher = new Catcher(loops.next());
    forwarder.ask(Ask.byClient(LONG, 0), catcher);
    return catcher.answer();
  }

  private void restart(Sockets sockets) {
    Sockets.end(loops, 1000).awaitUninterruptibly(2000);
    loops = sockets.newLoops(1, "test");
    forwarder = forwarder(sockets, true);
  }

  private Forwarder forwarder(Sockets sockets, boolean mixCase) {
    UpstreamSettings plain =
        new UpstreamSettings(Servers.AUTO, Duration.ofSeconds(10), 5, 1232, Duration.ofSeconds(5));
    UpstreamSettings settings =
        With.component(With.component(plain, "cookies", false), "mixCase", mixCase);
    Forwarder made =
        new Forwarder(
            loops,
            sockets,
            new SystemTicker(),
            settings,
            question -> new TtlLimits(0, 86_400, 900),
            Duration.ofSeconds(9),
            Runnable::run,
            QueryObserver.NONE);
    made.use(Upstreams.plain(server.address()));
    return made;
  }
}
