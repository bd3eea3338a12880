package resolver.metrics;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import resolver.cache.AnswerCache;
import resolver.cache.FailureCache;
import resolver.clock.Ticker;
import resolver.flight.FlightSettings;
import resolver.flight.SingleFlight;
import resolver.observe.Ledger;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.ServerStatus;

/**
 * What is told of. All of it may be read by any thread.
 *
 * @param version the number of the version
 * @param commit what it was built from
 * @param java what runs it
 * @param flights the lookups under way
 * @param bounds of these
 * @param upstreams what is known of the servers, by the domain of their route
 * @param heartbeat whether every event loop does its work; asked by one thread, now and then
 */
public record Subject(
    String version,
    String commit,
    String java,
    Ledger ledger,
    AnswerCache cache,
    FailureCache failures,
    SingleFlight<Question, Answer> flights,
    FlightSettings bounds,
    Supplier<Map<String, List<ServerStatus>>> upstreams,
    Ticker ticker,
    BooleanSupplier heartbeat) {}
