package resolver.policy;

import resolver.query.Answer;
import resolver.query.Question;

/**
 * The second door: judges whether an answer may go out to a client.
 *
 * <p>Any thread may call. An answer remembers the edition of the policy that has cleared it, and
 * for which type: what is given out from the cache again and again is judged once.
 */
public final class AnswerRules {
  private final Edition edition;
  private volatile Rules rules;

  private record Rules(PolicySettings settings, Rebinding rebinding) {
    Rules(PolicySettings settings) {
      this(settings, new Rebinding(settings));
    }
  }

  /**
   * The rules of some settings.
   *
   * @param edition of the whole policy, both doors
   */
  public AnswerRules(PolicySettings settings, Edition edition) {
    this.edition = edition;
    this.rules = new Rules(settings);
  }

  /** The edition of the policy that these rules belong to. */
  public Edition edition() {
    return edition;
  }

  /** Follows other settings from now on; what is kept is judged anew. */
  public void use(PolicySettings next) {
    if (!next.equals(rules.settings())) {
      rules = new Rules(next);
      edition.next();
    }
  }

  /**
   * The answer itself where it may go out, else what goes out in its place.
   *
   * @param number of the edition when the question came to the first door
   */
  public Answer judge(Question question, Answer answer, int number) {
    if (answer.isCleared(edition.number(), question.type())) {
      return answer;
    }
    Answer refusal = rules.rebinding().refusal(question, answer);
    if (refusal == null) {
      answer.clear(number, question.type());
      return answer;
    }
    return refusal;
  }
}
