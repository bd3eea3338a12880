package resolver.stampede;

import java.util.Map;

/**
 * One round summed up; times in nanoseconds, -1 where there was no answer to measure.
 *
 * @param name what was asked
 * @param clients how many asked
 * @param tcp how many of them over TCP
 * @param verdicts how many questions came to each verdict; none is left out that came
 * @param atFirst how many clients got what they should without asking again
 * @param queries how many upstream queries there were until the round's end
 * @param resends how often a client asked again for want of an answer
 * @param strays answers to nothing that was under way, as far as they came before the round's end
 * @param first from the first query's sending to the first answer
 * @param median from there to the middle one
 * @param last from there to the last one
 * @param leader how long the one who asked first waited
 * @param followers how long the others waited, the median
 * @param skew from the first query's sending to the last one's
 */
public record RoundResult(
    RoundName name,
    int clients,
    int tcp,
    Map<Verdict, Integer> verdicts,
    int atFirst,
    int queries,
    int resends,
    int strays,
    long first,
    long median,
    long last,
    long leader,
    long followers,
    long skew) {
  /** Copies the map. */
  public RoundResult {
    verdicts = Map.copyOf(verdicts);
  }

  /** How many questions came to a verdict. */
  public int count(Verdict verdict) {
    return verdicts.getOrDefault(verdict, 0);
  }

  /** How many clients got what they should. */
  public int good() {
    return count(Verdict.RIGHT) + count(Verdict.PASSED_ON);
  }
}
