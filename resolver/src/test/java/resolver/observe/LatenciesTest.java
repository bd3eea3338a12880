package resolver.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import resolver.query.QueryObserver.Way;
import resolver.query.Transport;

/** How long things took, as the ledger keeps it. */
class LatenciesTest {
  private final Ledger ledger = new Ledger();

  @Test
  void clientsAreToldApartByTransportAndWay() {
    ledger.answered(Transport.UDP, Way.AT_ONCE, 20_000, 30);
    ledger.answered(Transport.TCP, Way.AT_ONCE, 40_000, 1);
    ledger.answered(Transport.UDP, Way.FOLLOWER, 5_000_000, 1);

    Histogram hits = ledger.clients().micros(Transport.UDP, Way.AT_ONCE);
    assertThat(hits.count()).isEqualTo(30);
    assertThat(hits.sum()).isEqualTo(600);
    assertThat(hits.quantile(1)).isBetween(20L, 25L);
    assertThat(ledger.clients().micros(Transport.TCP, Way.AT_ONCE).count()).isEqualTo(1);
    assertThat(ledger.clients().micros(Transport.UDP, Way.FOLLOWER).sum()).isEqualTo(5000);
    assertThat(ledger.clients().micros(Transport.UDP, Way.LEADER).count()).isZero();
  }

  @Test
  void aServersTimesAreAddedUpOverThreads() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(() -> ledger.responded("192.0.2.1", 3_000_000));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    ledger.responded("192.0.2.2", 1_000_000);

    assertThat(ledger.upstreams().micros()).containsOnlyKeys("192.0.2.1", "192.0.2.2");
    assertThat(of("192.0.2.1").count()).isEqualTo(3);
    assertThat(of("192.0.2.1").sum()).isEqualTo(9000);
  }

  @Test
  void serversThatAreAskedNoMoreAreForgotten() {
    ledger.responded("192.0.2.1", 1);
    ledger.responded("192.0.2.2", 1);
    ledger.serversAre(List.of("192.0.2.2"));
    assertThat(ledger.upstreams().micros()).containsOnlyKeys("192.0.2.2");
  }

  @Test
  void beyondABoundServersAreToldOfAsOne() {
    for (int i = 0; i < 2 * UpstreamLatencies.MOST; i++) {
      ledger.responded("server-" + i, 1);
    }
    assertThat(ledger.upstreams().micros())
        .hasSize(UpstreamLatencies.MOST + 1)
        .containsKey(UpstreamLatencies.OTHERS);
    assertThat(of(UpstreamLatencies.OTHERS).count()).isEqualTo(UpstreamLatencies.MOST);
  }

  private Histogram of(String server) {
    return Objects.requireNonNull(ledger.upstreams().micros().get(server));
  }
}
