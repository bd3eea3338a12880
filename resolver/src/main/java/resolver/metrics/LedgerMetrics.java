package resolver.metrics;

import java.util.Locale;
import resolver.observe.ClientLatencies;
import resolver.observe.Histogram;
import resolver.observe.Ledger;
import resolver.observe.Ledger.Count;
import resolver.observe.Ledger.Spread;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryObserver.Send;
import resolver.query.QueryObserver.Way;
import resolver.query.Transport;

/** What the ledger has counted. The hot path counts for it alone; here it is only read. */
final class LedgerMetrics {
  private LedgerMetrics() {}

  static void tell(Ledger ledger, Families to) {
    for (Count count : Count.values()) {
      CountLine line = CountLine.of(count);
      to.counter(
          line.family(), line.help(), ledger.get(count), line.labels().toArray(String[]::new));
    }
    for (Outcome outcome : Outcome.values()) {
      to.counter(
          "resolver_queries",
          "Queries by what became of them: each that was received is in exactly one outcome.",
          ledger.get(outcome),
          "outcome",
          word(outcome));
    }
    for (Send why : Send.values()) {
      to.counter(
          "resolver_upstream_sends",
          "Queries sent to upstream servers, by reason.",
          ledger.get(why),
          "reason",
          word(why));
    }
    spreads(ledger, to);
    clients(ledger.clients(), to);
    ledger
        .upstreams()
        .micros()
        .forEach(
            (server, micros) ->
                to.seconds(
                    "resolver_upstream_latency_seconds",
                    "Round trips with upstream servers, connections not made for them.",
                    micros,
                    "server",
                    server));
  }

  private static void spreads(Ledger ledger, Families to) {
    to.numbers(
        "resolver_flight_waiters",
        "How many waited for one flight in all: so many lookups were merged into one.",
        ledger.get(Spread.FANOUT));
    to.seconds(
        "resolver_flight_seconds", "How long flights took.", ledger.get(Spread.FLIGHT_MICROS));
    String waits = "How long waiters waited for their flight, by whether they had started it.";
    to.seconds(
        "resolver_wait_seconds", waits, ledger.get(Spread.LEADER_WAIT_MICROS), "as", "leader");
    to.seconds(
        "resolver_wait_seconds", waits, ledger.get(Spread.FOLLOWER_WAIT_MICROS), "as", "follower");
  }

  /** Transports that nobody has used yet are left out, but for the two that all have. */
  private static void clients(ClientLatencies clients, Families to) {
    for (Transport transport : Transport.values()) {
      for (Way way : Way.values()) {
        Histogram micros = clients.micros(transport, way);
        if (micros.count() > 0 || transport == Transport.UDP || transport == Transport.TCP) {
          to.seconds(
              "resolver_client_latency_seconds",
              "From reading a query to its answer, by transport and outcome. Of a batch of"
                  + " datagrams answered from the cache, each is taken to last as long as the"
                  + " batch. Local data and queries without an answer are not timed.",
              micros,
              "transport",
              word(transport),
              "outcome",
              word(way));
        }
      }
    }
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
