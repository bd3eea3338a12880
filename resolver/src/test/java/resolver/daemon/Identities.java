package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryObserver.Send;

/** What the ledger promises. */
final class Identities {
  private Identities() {}

  /** How many queries are in a class so far. */
  static long classified(Ledger ledger) {
    return Arrays.stream(Outcome.values()).mapToLong(ledger::get).sum();
  }

  /** Each query is in one class, in the same turn in which it is counted as received. */
  static void assertPartition(Ledger ledger, String about) {
    assertThat(classified(ledger))
        .as("%s: %s: every query is in one class", about, ledger.summary())
        .isEqualTo(ledger.received());
  }

  /** The same; and when nothing is under way, every flight, send and waiter is accounted for. */
  static void assertAtRest(Ledger ledger, String about) {
    assertPartition(ledger, about);
    long flights =
        ledger.get(Count.FLIGHTS_BY_CLIENTS)
            + ledger.get(Count.FLIGHTS_BY_PREFETCHES)
            + ledger.get(Count.FLIGHTS_BY_REFRESHES)
            + ledger.get(Count.FLIGHTS_BY_CHILDREN);
    assertThat(ledger.get(Count.FLIGHTS_BY_CLIENTS))
        .as("%s: flights of clients, and who leads them", about)
        .isEqualTo(ledger.get(Outcome.LEADER));
    assertThat(
            ledger.get(Count.RECHECK_HITS)
                + ledger.get(Send.FIRST)
                + ledger.get(Count.FAILED_BEFORE_SEND))
        .as("%s: recheck hits, first sends and failures before a send, as flights", about)
        .isEqualTo(flights);
    assertThat(ledger.get(Count.FLIGHTS_ENDED_WELL) + ledger.get(Count.FLIGHTS_FAILED))
        .as("%s: every flight ends", about)
        .isEqualTo(flights);
  }
}
