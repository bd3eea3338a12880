package resolver.policy;

import java.util.concurrent.atomic.AtomicInteger;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * The second door: judges whether an answer may go out to a client.
 *
 * <p>Any thread may call. Each set of rules has a generation of its own, and an answer remembers
 * the one that has cleared it: what is given out from the cache again and again is judged once.
 */
public final class AnswerRules {
  /** Of the whole process, since answers may outlive the rules; 0 is none. */
  private static final AtomicInteger GENERATIONS = new AtomicInteger();

  private volatile Rules rules;

  private record Rules(PolicySettings settings, Rebinding rebinding, int generation) {
    static Rules of(PolicySettings settings) {
      int generation = GENERATIONS.incrementAndGet();
      return new Rules(settings, new Rebinding(settings), generation);
    }
  }

  /** The rules of some settings. */
  public AnswerRules(PolicySettings settings) {
    rules = Rules.of(settings);
  }

  /** Follows other settings from now on; what is kept is judged anew. */
  public void use(PolicySettings next) {
    if (!next.equals(rules.settings())) {
      rules = Rules.of(next);
    }
  }

  /** The answer itself where it may go out, else what goes out in its place. */
  public Answer judge(Question question, Answer answer) {
    Rules now = rules;
    if (answer.isClearedBy(now.generation())) {
      return answer;
    }
    Answer refusal = now.rebinding().refusal(question, answer);
    if (refusal == null) {
      answer.clear(now.generation());
      return answer;
    }
    return refusal;
  }
}
