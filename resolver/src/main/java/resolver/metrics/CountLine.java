package resolver.metrics;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import resolver.observe.Ledger.Count;

/**
 * How one count of the ledger is told.
 *
 * @param family the name of its family
 * @param help what the family means
 * @param labels names and values in turn
 */
record CountLine(String family, String help, List<String> labels) {
  private static final String RECEIVED =
      "Queries received, by transport. Their sum is that of resolver_queries_total.";
  private static final String STARTED =
      "Flights (shared lookups) started, by purpose. client is resolver_queries_total of outcome"
          + " leader. Their sum is resolver_flight_rechecks_total +"
          + " resolver_flights_failed_before_send_total + resolver_upstream_sends_total of reason"
          + " first, once all have ended.";
  private static final String ENDED =
      "Flights that have ended, by result. Their sum is that of resolver_flights_started_total,"
          + " once all have ended.";
  private static final String WAITERS =
      "Those who waited for flights, clients and others, by what became of them: each was told, or"
          + " left before.";
  private static final String GAVE_UP =
      "Clients that stopped waiting before their flight ended, by reason.";
  private static final String ABANDONED =
      "Flights that lost their last waiter, by what became of them.";

  private static final Map<Count, CountLine> LINES = new EnumMap<>(Count.class);

  static {
    put(Count.RECEIVED_UDP, "resolver_received", RECEIVED, "transport", "udp");
    put(Count.RECEIVED_TCP, "resolver_received", RECEIVED, "transport", "tcp");
    put(
        Count.RESPONSES_LOST,
        "resolver_responses_lost",
        "Responses that could not be rendered or sent, mostly for the client's channel was full or"
            + " gone.");
    put(
        Count.KERNEL_DROPS,
        "resolver_kernel_drops",
        "Queries that the kernel dropped, for a receive queue was full. They are not received.");
    put(
        Count.CONNECTIONS_REFUSED,
        "resolver_connections_refused",
        "TCP connections closed at once, for there were too many.");
    String started = "resolver_flights_started";
    put(Count.FLIGHTS_BY_CLIENTS, started, STARTED, "purpose", "client");
    put(Count.FLIGHTS_BY_PREFETCHES, started, STARTED, "purpose", "prefetch");
    put(Count.FLIGHTS_BY_REFRESHES, started, STARTED, "purpose", "stale_refresh");
    put(Count.FLIGHTS_BY_CHILDREN, started, STARTED, "purpose", "child");
    put(Count.FLIGHTS_ENDED_WELL, "resolver_flights_ended", ENDED, "result", "answered");
    put(Count.FLIGHTS_FAILED, "resolver_flights_ended", ENDED, "result", "failed");
    put(
        Count.RECHECK_HITS,
        "resolver_flight_rechecks",
        "Flights that found their answer in the cache after all, and sent nothing.");
    put(
        Count.FAILED_BEFORE_SEND,
        "resolver_flights_failed_before_send",
        "Flights that failed before anything was sent for them.");
    put(Count.WAITERS_DELIVERED, "resolver_waiters", WAITERS, "end", "delivered");
    put(Count.WAITERS_LEFT, "resolver_waiters", WAITERS, "end", "left");
    put(Count.GAVE_UP_AT_DEADLINE, "resolver_clients_gave_up", GAVE_UP, "reason", "deadline");
    put(Count.GAVE_UP_AT_DISCONNECT, "resolver_clients_gave_up", GAVE_UP, "reason", "disconnect");
    put(
        Count.SERVED_STALE,
        "resolver_served_stale",
        "Clients that waited for a flight and were given an answer past its TTL instead.");
    put(Count.FLIGHTS_DETACHED, "resolver_flights_abandoned", ABANDONED, "end", "went_on");
    put(Count.FLIGHTS_CANCELLED, "resolver_flights_abandoned", ABANDONED, "end", "cancelled");
    put(
        Count.FLIGHTS_FORGOTTEN,
        "resolver_flights_forgotten",
        "Flights whose result was not kept, for their name was flushed meanwhile.");
    put(
        Count.WATCHDOG_KILLS,
        "resolver_flight_watchdog_kills",
        "Flights failed because their time was over.");
    put(
        Count.LOADERS_THREW,
        "resolver_defects",
        "Lookups that threw: defects, of which the log tells.");
    put(
        Count.ANSWERS_REFUSED,
        "resolver_answers_refused",
        "Answers that were not let out, such as private addresses from a public server.");
    put(
        Count.QUERY_LOG_LOST,
        "resolver_query_log_lost",
        "Lines of the query log that were not written, for they came too fast or could not be.");
  }

  private static void put(Count count, String family, String help, String... labels) {
    LINES.put(count, new CountLine(family, help, List.of(labels)));
  }

  /** The line of a count; one that nobody has described is told all the same. */
  static CountLine of(Count count) {
    CountLine line = LINES.get(count);
    if (line != null) {
      return line;
    }
    String name = count.name().toLowerCase(Locale.ROOT);
    return new CountLine("resolver_" + name, "The ledger's count " + count.name() + ".", List.of());
  }

  /** Whether somebody has described a count. */
  static boolean describes(Count count) {
    return LINES.containsKey(count);
  }
}
