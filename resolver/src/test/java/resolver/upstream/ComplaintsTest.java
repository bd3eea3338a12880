package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;

/** What is kept of servers that cannot be used. */
class ComplaintsTest {
  private static final Server USED = ServerWords.parse("tls://192.0.2.1#dns.example");

  private final ManualClock clock = new ManualClock();
  private final Complaints complaints = new Complaints(clock);

  @Test
  void aTroubleHasBegunWhenItWasFirstNoticed() {
    long began = clock.nanos();
    fail(USED);
    clock.advance(Duration.ofSeconds(3));
    fail(USED);
    assertThat(complaints.current().values())
        .singleElement()
        .satisfies(trouble -> assertThat(trouble.since()).isEqualTo(began));
    complaints.reached(USED);
    assertThat(complaints.current()).isEmpty();
    clock.advance(Duration.ofSeconds(3));
    fail(USED);
    assertThat(complaints.current().values())
        .singleElement()
        .satisfies(trouble -> assertThat(trouble.since()).isEqualTo(clock.nanos()));
  }

  @Test
  void ofOthersThanTheServersInUseTheOldestAreForgotten() {
    complaints.keepOnly(Set.of(USED));
    fail(USED);
    for (int i = 0; i < 200; i++) {
      clock.advance(Duration.ofSeconds(1));
      fail(other(i));
    }
    assertThat(complaints.current()).hasSize(65).containsKeys(USED, other(199), other(136));
    complaints.keepOnly(Set.of(USED));
    assertThat(complaints.current()).containsOnlyKeys(USED);
  }

  /** What can be used again is kept for the log, which tells once an hour, and is bounded too. */
  @Test
  void whatIsOverCountsToo() {
    try (LogCatcher log = new LogCatcher(Complaints.class)) {
      for (int i = 0; i <= 64; i++) {
        fail(other(i));
        complaints.reached(other(i));
        fail(other(i));
        complaints.reached(other(i));
        clock.advance(Duration.ofSeconds(1));
      }
      assertThat(log.messages().stream().filter(each -> each.contains("cannot"))).hasSize(65);
      fail(other(64));
      assertThat(log.messages().stream().filter(each -> each.contains("cannot"))).hasSize(65);
      fail(other(0));
      assertThat(log.messages().stream().filter(each -> each.contains("cannot")))
          .as("the oldest is forgotten")
          .hasSize(66);
    }
  }

  private void fail(Server server) {
    complaints.failed(server, new StreamFailure("refused", ""));
  }

  private static Server other(int i) {
    return ServerWords.parse("tls://192.0.2.2#s" + i + ".example");
  }
}
