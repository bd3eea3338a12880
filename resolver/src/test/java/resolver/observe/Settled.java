package resolver.observe;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.fixtures.Answers;
import resolver.query.Provenance;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.SettledQuery;
import resolver.query.Transport;
import resolver.wire.ExtendedError;

/** Settled queries for tests, in one line each. */
public final class Settled {
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.53", 53);

  private Settled() {}

  /** A query for an address that was answered from the cache at once. */
  public static SettledQuery hit(String name) {
    return of("10.0.0.7", name, 1, Outcome.HIT, 0, 21_000);
  }

  /** A query for an address of a name, asked at a time of the ticker. */
  public static SettledQuery at(long startedAt, String name) {
    SettledQuery hit = hit(name);
    return new SettledQuery(
        startedAt,
        hit.nanos(),
        hit.client(),
        hit.transport(),
        hit.question(),
        hit.outcome(),
        hit.rcode(),
        hit.errors(),
        hit.provenance(),
        hit.answers(),
        hit.octets());
  }

  /** A query that came over UDP, and whose answer came from upstream. */
  public static SettledQuery of(
      String client, String name, int type, Outcome outcome, int rcode, long nanos) {
    Question question = Question.of(Answers.name(name).toWire(), type, 1, false);
    Provenance provenance = new Provenance(SERVER, Transport.UDP, 12_345_678, 1, 3);
    return of(client, question, outcome, rcode, nanos, provenance, List.of());
  }

  /** A query that came over UDP, with 56 octets and one answer in its response. */
  public static SettledQuery of(
      String client,
      @Nullable Question question,
      Outcome outcome,
      int rcode,
      long nanos,
      @Nullable Provenance provenance,
      List<ExtendedError> errors) {
    return new SettledQuery(
        0,
        nanos,
        new InetSocketAddress(client, 4000),
        Transport.UDP,
        question,
        outcome,
        rcode,
        errors,
        provenance,
        rcode == 0 ? 1 : 0,
        rcode == SettledQuery.SILENCE ? 0 : 56);
  }
}
