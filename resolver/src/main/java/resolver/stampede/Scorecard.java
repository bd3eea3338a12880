package resolver.stampede;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * A stampede summed up. Only whole rounds count.
 *
 * @param roundsWanted how many rounds there should have been
 * @param rounds how many there were
 * @param udpPerRound how many clients asked over UDP in each round
 * @param tcpPerRound and how many over TCP
 * @param verdicts how many questions came to each verdict; all verdicts are there
 * @param atFirst how many clients got what they should without asking again
 * @param resends how often a client asked again for want of an answer
 * @param strays answers to nothing that was under way: too late, twice, or with a wrong ID
 * @param upstream what the upstream saw
 * @param times how long it took
 */
public record Scorecard(
    int roundsWanted,
    int rounds,
    int udpPerRound,
    int tcpPerRound,
    Map<Verdict, Long> verdicts,
    long atFirst,
    long resends,
    long strays,
    Upstream upstream,
    Times times) {

  /**
   * What the upstream saw of the rounds' names.
   *
   * @param queries in all
   * @param least for the name with the fewest
   * @param median for the name in the middle
   * @param most for the name with the most
   * @param tooMany those beyond one for each name and one for each fault that befell it
   * @param askers the most pairs of port and ID that asked one name: among as many a spoofer could
   *     choose
   * @param faults how many were committed, by kind; none is left out that was committed
   */
  public record Upstream(
      long queries,
      long least,
      long median,
      long most,
      long tooMany,
      long askers,
      Map<Fault, Long> faults) {
    /** All faults. */
    public long faultsInAll() {
      return faults.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Nanoseconds, as medians over the rounds unless told otherwise; -1 where nothing was measured.
   *
   * @param first from a round's first query to its first answer
   * @param median to its middle answer
   * @param last to its last answer
   * @param worst the same, in the worst round
   * @param leader how long the one who asked first waited for its answer
   * @param followers how long the others waited
   * @param skew from a round's first query to its last one
   */
  public record Times(
      long first, long median, long last, long worst, long leader, long followers, long skew) {}

  /** The card of a stampede that was stopped before its first round. */
  public static Scorecard none(StampedeSettings settings) {
    return of(settings, List.of(), List.of());
  }

  static Scorecard of(
      StampedeSettings settings, List<RoundResult> results, List<NameCount> counts) {
    Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(verdict, sum(results, result -> result.count(verdict)));
    }
    return new Scorecard(
        settings.rounds(),
        results.size(),
        settings.udpPerRound(),
        settings.tcpPerRound(),
        verdicts,
        sum(results, RoundResult::atFirst),
        sum(results, RoundResult::resends),
        sum(results, RoundResult::strays),
        upstream(counts),
        new Times(
            median(results, RoundResult::first),
            median(results, RoundResult::median),
            median(results, RoundResult::last),
            Numbers.max(results.stream().mapToLong(RoundResult::last)),
            median(results, RoundResult::leader),
            median(results, RoundResult::followers),
            median(results, RoundResult::skew)));
  }

  private static Upstream upstream(List<NameCount> counts) {
    long[] queries = counts.stream().mapToLong(NameCount::queries).sorted().toArray();
    Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    for (NameCount count : counts) {
      count.faults().forEach((fault, times) -> faults.merge(fault, (long) times, Long::sum));
    }
    return new Upstream(
        LongStream.of(queries).sum(),
        queries.length == 0 ? 0 : queries[0],
        Math.max(0, Numbers.median(queries)),
        queries.length == 0 ? 0 : queries[queries.length - 1],
        counts.stream().mapToLong(NameCount::tooMany).sum(),
        Math.max(0, Numbers.max(counts.stream().mapToLong(NameCount::askers))),
        faults);
  }

  private static long sum(List<RoundResult> results, ToLongFunction<RoundResult> of) {
    return results.stream().mapToLong(of).sum();
  }

  private static long median(List<RoundResult> results, ToLongFunction<RoundResult> of) {
    return Numbers.median(results.stream().mapToLong(of));
  }

  /** How many questions were asked. */
  public long questions() {
    return (long) rounds * (udpPerRound + tcpPerRound);
  }

  /** How many answers came, right or wrong. */
  public long answers() {
    return questions() - missing();
  }

  /** How many clients got what they should. */
  public long right() {
    return verdicts.entrySet().stream()
        .filter(entry -> entry.getKey().isGood())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** How many got an answer that they should not have got. */
  public long wrong() {
    return answers() - right();
  }

  /** How many got none. */
  public long missing() {
    return verdicts.getOrDefault(Verdict.MISSING, 0L);
  }

  /** How many upstream queries there may be: one a round, and one for every fault. */
  public long queriesAllowed() {
    return rounds + upstream.faultsInAll();
  }

  /** What speaks against the server, a sentence each; nothing if all is well. */
  public List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    if (missing() > 0) {
      complaints.add(missing() + " of " + questions() + " questions went unanswered");
    }
    if (wrong() > 0) {
      complaints.add(wrong() + " of " + questions() + " questions were answered wrongly");
    }
    if (upstream.tooMany() > 0) {
      long enough = upstream.queries() - upstream.tooMany();
      complaints.add(upstream.queries() + " upstream queries, where " + enough + " would do");
    }
    return complaints;
  }
}
