package resolver.policy;

import resolver.fixtures.Answers;
import resolver.query.Question;

/** Asks the special names, beside private upstream servers or public ones. */
final class Special {
  private Special() {}

  /** What a resolver with a public upstream server answers. */
  static Told besidePublic(String name, String type) {
    Question question = Answers.question(name, type);
    return Told.of(question, new SpecialNames(() -> false).answer(question));
  }

  /** Whether a question goes upstream where that is public. */
  static boolean isForwardedToPublic(String name, String type) {
    return new SpecialNames(() -> false).answer(Answers.question(name, type)) == null;
  }

  /** Whether a question goes upstream where that is private. */
  static boolean isForwardedToPrivate(String name, String type) {
    return new SpecialNames(() -> true).answer(Answers.question(name, type)) == null;
  }
}
