package resolver.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Provenance;
import resolver.query.QueryObserver.Outcome;
import resolver.query.QueryTap;
import resolver.query.Question;
import resolver.query.SettledQuery;
import resolver.query.Transport;
import resolver.wire.ExtendedError;

/**
 * What is noted of one query to be told once it is settled. There is one only while somebody
 * listens. Belongs to the event loop of its query.
 */
final class Account {
  private final QueryTap tap;
  private final Ticker ticker;
  private final Transport transport;
  private final InetSocketAddress client;
  private final long startedAt;
  private final @Nullable Question question;
  private @Nullable Outcome outcome;

  private Account(
      QueryTap tap,
      Ticker ticker,
      Transport transport,
      InetSocketAddress client,
      @Nullable Question question) {
    this.tap = tap;
    this.ticker = ticker;
    this.transport = transport;
    this.client = client;
    this.startedAt = ticker.nanos();
    this.question = question;
  }

  /**
   * The account of a query.
   *
   * @param question null where it has none that can be read
   */
  static Account open(
      QueryService.Parts parts,
      Transport transport,
      InetSocketAddress client,
      @Nullable Question question) {
    return new Account(parts.tap(), parts.ticker(), transport, client, question);
  }

  /** The outcome was counted a moment ago: by the time it is told, others will have been. */
  void noteOutcome() {
    if (outcome == null) {
      outcome = tap.outcome();
    }
  }

  /** There is no response. */
  void ignored() {
    settled(SettledQuery.SILENCE, List.of(), null, 0, 0);
  }

  /**
   * The response has no answer.
   *
   * @param octets of the response; 0 where it could not be rendered
   */
  void rejected(int rcode, ExtendedError why, int octets) {
    settled(rcode, List.of(why), null, 0, octets);
  }

  /**
   * The response is an answer.
   *
   * @param octets of the response; 0 where it could not be rendered
   */
  void answered(Answer answer, boolean dnssecOk, int octets) {
    int answers = answer.image(dnssecOk).answers();
    settled(answer.rcode(), answer.errors(), answer.provenance(), answers, octets);
  }

  private void settled(
      int rcode,
      List<ExtendedError> errors,
      @Nullable Provenance provenance,
      int answers,
      int octets) {
    noteOutcome();
    tap.settled(
        new SettledQuery(
            startedAt,
            Math.max(0, ticker.nanos() - startedAt),
            client,
            transport,
            question,
            Objects.requireNonNull(outcome),
            octets == 0 ? SettledQuery.SILENCE : rcode,
            errors,
            provenance,
            answers,
            octets));
  }
}
