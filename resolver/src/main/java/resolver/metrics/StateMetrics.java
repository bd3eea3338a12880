package resolver.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import resolver.flight.FlightSnapshot;
import resolver.query.Question;
import resolver.selection.ServerState;
import resolver.selection.ServerStatus;

/** What there is at the moment: kept answers, lookups under way, upstream servers. */
final class StateMetrics {
  /** Pairs of route and server that are told of; who has more has them in the status command. */
  static final int MOST_SERVERS = 100;

  private static final double NANOS = 1e-9;

  private StateMetrics() {}

  static void tell(Subject subject, Families to) {
    to.info(
        "resolver_build",
        "Which build this is.",
        "version",
        subject.version(),
        "commit",
        subject.commit(),
        "java",
        subject.java());
    to.gauge("resolver_cache_entries", "Answers kept, by estimate.", subject.cache().size());
    to.counter(
        "resolver_cache_evictions",
        "Answers that were crowded out of the cache by others.",
        subject.cache().evictions());
    to.gauge(
        "resolver_failure_cache_entries",
        "Failures remembered, by estimate.",
        subject.failures().size());
    to.gauge("resolver_flights", "Flights under way.", subject.flights().inFlight());
    to.gauge(
        "resolver_flights_detached",
        "Flights under way that nobody waits for.",
        subject.flights().detached());
    to.gauge(
        "resolver_flight_oldest_age_seconds",
        "Age of the oldest flight; 0 without one.",
        subject.flights().oldestAge() * NANOS);
    to.gauge(
        "resolver_waiting",
        "Those who wait for flights at the moment.",
        waiting(subject.flights().snapshot()));
    upstreams(subject, to);
  }

  /** How many wait for some flights. */
  static long waiting(List<FlightSnapshot<Question>> flights) {
    return flights.stream().mapToLong(FlightSnapshot::waiters).sum();
  }

  private static void upstreams(Subject subject, Families to) {
    int told = 0;
    long now = subject.ticker().nanos();
    for (Map.Entry<String, List<ServerStatus>> route : subject.upstreams().get().entrySet()) {
      // Servers that differ in what they must prove alone have one name; it is told once.
      Set<String> names = new HashSet<>();
      for (ServerStatus server : route.getValue()) {
        if (names.add(server.name()) && told++ < MOST_SERVERS) {
          upstream(server, now, to, "route", route.getKey(), "server", server.name());
        }
      }
    }
  }

  private static void upstream(ServerStatus server, long now, Families to, String... labels) {
    boolean asked = server.restsUntil() == ServerState.NEVER;
    to.gauge(
        "resolver_upstream_up",
        "Whether a server is asked: 1, or 0 while it is set aside for not responding.",
        asked ? 1 : 0,
        labels);
    to.gauge(
        "resolver_upstream_failures_in_a_row",
        "Exchanges with a server without a response since its last response.",
        server.failures(),
        labels);
    to.gauge(
        "resolver_upstream_round_trip_seconds",
        "The smoothed round-trip time of a server; 0 before it is measured.",
        server.roundTripNanos() * NANOS,
        labels);
    to.gauge(
        "resolver_upstream_late_seconds",
        "Within what time 95 of 100 responses of a server come; 0 before it is measured.",
        server.lateNanos() * NANOS,
        labels);
    if (server.heardAt() != ServerState.NEVER) {
      to.gauge(
          "resolver_upstream_silence_seconds",
          "How long ago a server responded last; nothing before the first time.",
          (now - server.heardAt()) * NANOS,
          labels);
    }
  }
}
