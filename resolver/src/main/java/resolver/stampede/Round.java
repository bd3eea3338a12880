package resolver.stampede;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import resolver.query.Transport;

/**
 * One round under way. Each client writes the cells of its own place, which the first barrier gave
 * it, and all are read behind the second; the barriers make them visible.
 */
final class Round {
  final RoundName name;
  final byte[] question;
  private final Transport[] transports;
  private final long[] sentAt;
  private final long[] endedAt;
  private final Verdict[] verdicts;
  private final boolean[] askedAgain;
  private final AtomicInteger resends = new AtomicInteger();
  private final AtomicInteger strays = new AtomicInteger();

  Round(RoundName name, int clients) {
    this.name = name;
    this.question = name.question();
    this.transports = new Transport[clients];
    this.sentAt = new long[clients];
    this.endedAt = new long[clients];
    this.verdicts = new Verdict[clients];
    this.askedAgain = new boolean[clients];
  }

  void sent(int place, Transport transport, long now) {
    transports[place] = transport;
    sentAt[place] = now;
  }

  void resent(int place) {
    askedAgain[place] = true;
    resends.incrementAndGet();
  }

  /** Something came that answers no question under way: too late, twice, or with a wrong ID. */
  void stray() {
    strays.incrementAndGet();
  }

  void ended(int place, Verdict verdict, long now) {
    verdicts[place] = verdict;
    endedAt[place] = now;
  }

  /**
   * Sums it up, once everybody's place is written.
   *
   * @param upstream what the upstream saw of the name; where it said SERVFAIL, a client may hear
   *     that too
   */
  RoundResult result(NameCount upstream) {
    boolean servfailTold = upstream.faults().containsKey(Fault.SERVFAIL);
    int clients = verdicts.length;
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    long first = Long.MAX_VALUE;
    long lastSent = Long.MIN_VALUE;
    int leader = 0;
    int tcp = 0;
    int atFirst = 0;
    for (int i = 0; i < clients; i++) {
      Verdict verdict =
          servfailTold && verdicts[i] == Verdict.FAILED ? Verdict.PASSED_ON : verdicts[i];
      atFirst += verdict.isGood() && !askedAgain[i] ? 1 : 0;
      counts.merge(verdict, 1, Integer::sum);
      tcp += transports[i] == Transport.TCP ? 1 : 0;
      leader = sentAt[i] < sentAt[leader] ? i : leader;
      first = Math.min(first, sentAt[i]);
      lastSent = Math.max(lastSent, sentAt[i]);
    }
    long[] answers = new long[clients - counts.getOrDefault(Verdict.MISSING, 0)];
    long[] waits = new long[clients];
    int answered = 0;
    int followers = 0;
    for (int i = 0; i < clients; i++) {
      if (verdicts[i] != Verdict.MISSING) {
        answers[answered++] = endedAt[i] - first;
        if (i != leader) {
          waits[followers++] = endedAt[i] - sentAt[i];
        }
      }
    }
    Arrays.sort(answers);
    long[] followersWaits = Arrays.copyOf(waits, followers);
    Arrays.sort(followersWaits);
    return new RoundResult(
        name,
        clients,
        tcp,
        counts,
        atFirst,
        upstream.queries(),
        resends.get(),
        strays.get(),
        answered == 0 ? -1 : answers[0],
        Numbers.median(answers),
        answered == 0 ? -1 : answers[answered - 1],
        verdicts[leader] == Verdict.MISSING ? -1 : endedAt[leader] - sentAt[leader],
        Numbers.median(followersWaits),
        lastSent - first);
  }
}
